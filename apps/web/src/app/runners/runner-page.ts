import { Component, effect, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { BackLink } from '../ui/back-link';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { Skeleton } from '../ui/skeleton';
import { OpenRunner } from './open-runner';

/** One machine: its name and state, and tabs for what there is to know of it. */
@Component({
  selector: 'pz-runner-page',
  imports: [BackLink, Badge, Button, ErrorState, LucidePlus, RouterLink, RouterLinkActive, RouterOutlet, Skeleton],
  providers: [OpenRunner],
  templateUrl: './runner-page.html',
  styleUrl: './runner-page.css',
})
export class RunnerPage {
  readonly runnerId = input.required<string>();
  protected readonly opened = inject(OpenRunner);
  protected readonly launcher = inject(NewSessionLauncher);
  protected readonly tabs = [
    { path: 'overview', label: 'Overview' },
    { path: 'services', label: 'Services' },
    { path: 'listeners', label: 'Listeners' },
  ] as const;

  constructor() {
    effect(() => this.opened.open(this.runnerId()));
  }
}
