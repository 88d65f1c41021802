import { Component, effect, inject, input, signal } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import { asProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { RelayConnection } from '../core/realtime/relay-connection';
import { Toasts } from '../core/toasts';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { BackLink } from '../ui/back-link';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { NameEdit } from '../ui/name-edit';
import { Skeleton } from '../ui/skeleton';
import { OpenRunner } from './open-runner';
import { RunnerMenu } from './runner-menu';

/** One machine: its name and state, and tabs for what there is to know of it. */
@Component({
  selector: 'pz-runner-page',
  imports: [
    BackLink,
    Badge,
    Button,
    ErrorState,
    LucidePlus,
    NameEdit,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    RunnerMenu,
    Skeleton,
  ],
  providers: [OpenRunner],
  templateUrl: './runner-page.html',
  styleUrl: './runner-page.css',
})
export class RunnerPage {
  readonly runnerId = input.required<string>();
  protected readonly opened = inject(OpenRunner);
  protected readonly isLost = inject(RelayConnection).isLost;
  protected readonly launcher = inject(NewSessionLauncher);
  private readonly api = inject(RunnersApi);
  private readonly toasts = inject(Toasts);
  protected readonly isRenaming = signal(false);
  protected readonly tabs = [
    { path: 'overview', label: 'Overview' },
    { path: 'services', label: 'Services' },
    { path: 'listeners', label: 'Listeners' },
  ] as const;

  constructor() {
    effect(() => {
      this.opened.open(this.runnerId());
      this.isRenaming.set(false);
    });
  }

  protected async rename(name: string | null): Promise<void> {
    this.isRenaming.set(false);
    const runner = this.opened.runner();
    if (runner === undefined || name === null || name === runner.name) return;
    try {
      // The hub tells everybody, this page too.
      await this.api.rename(runner.runnerId, name);
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    }
  }
}
