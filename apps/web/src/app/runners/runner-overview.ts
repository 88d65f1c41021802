import { Component, computed, inject, resource } from '@angular/core';
import { LucideFolder } from '@lucide/angular';
import { asProblem } from '../core/api/api-problem';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { folderText } from '../sessions/session-state';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Copyable } from '../ui/copyable';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { StatusDot } from '../ui/status-dot';
import { OpenRunner } from './open-runner';
import { RunnerModels } from './runner-models';

const tokens = new Intl.NumberFormat('en', { notation: 'compact' });

/** One machine: state, folders, models. */
@Component({
  selector: 'pz-runner-overview',
  imports: [Badge, Button, Copyable, EmptyState, ErrorState, LucideFolder, RelativeTime, Skeleton, StatusDot],
  templateUrl: './runner-overview.html',
  styleUrl: './runner-overview.css',
})
export class RunnerOverview {
  protected readonly launcher = inject(NewSessionLauncher);
  private readonly runnerModels = inject(RunnerModels);
  protected readonly runner = inject(OpenRunner).runner;

  protected readonly models = resource({
    params: () => (this.runner()?.online ? this.runner()?.runnerId : undefined),
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
}
