import { Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideFolder, LucidePlus } from '@lucide/angular';
import { asProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { folderText } from '../sessions/session-state';
import { BackLink } from '../ui/back-link';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Copyable } from '../ui/copyable';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { StatusDot } from '../ui/status-dot';
import { RunnerModels } from './runner-models';
import { RunnersStore } from './runners-store';

const tokens = new Intl.NumberFormat('en', { notation: 'compact' });

/** One machine: state, folders, models. */
@Component({
  selector: 'pz-runner-page',
  imports: [
    BackLink,
    Badge,
    Button,
    Copyable,
    EmptyState,
    ErrorState,
    LucideFolder,
    LucidePlus,
    RelativeTime,
    RouterLink,
    Skeleton,
    StatusDot,
  ],
  templateUrl: './runner-page.html',
  styleUrl: './runner-page.css',
})
export class RunnerPage {
  readonly runnerId = input.required<string>();
  protected readonly launcher = inject(NewSessionLauncher);
  private readonly store = inject(RunnersStore);
  private readonly api = inject(RunnersApi);
  private readonly runnerModels = inject(RunnerModels);

  /** The live list knows it best; a link to a runner beyond the list is read by itself. */
  private readonly single = resource({
    params: () => (this.store.isLoaded() && !this.store.byId().has(this.runnerId()) ? this.runnerId() : undefined),
    loader: ({ params }) => this.api.get(params),
  });
  protected readonly runner = computed(() => {
    const known = this.store.byId().get(this.runnerId());
    return known ?? (this.single.hasValue() ? this.single.value() : undefined);
  });
  protected readonly problem = computed(() => {
    const error = this.single.error() ?? this.store.problem();
    return error ? asProblem(error) : null;
  });

  protected readonly models = resource({
    params: () => (this.runner()?.online ? this.runnerId() : undefined),
    loader: ({ params }) => this.runnerModels.list(params),
  });
  protected readonly modelsProblem = computed(() => {
    const error = this.models.error();
    return error ? asProblem(error) : null;
  });

  protected readonly folderText = folderText;

  protected window(contextWindow: number): string {
    return contextWindow > 0 ? tokens.format(contextWindow) : '–';
  }

  protected reload(): void {
    this.single.reload();
    void this.store.reload();
  }
}
