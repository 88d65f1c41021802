import { Component, DestroyRef, effect, inject, untracked } from '@angular/core';
import { Router, RouterOutlet } from '@angular/router';
import { RelayClient } from '../core/api/relay-client';
import { Auth } from '../core/auth/auth';
import { Commands } from '../core/commands';
import { RelayConnection } from '../core/realtime/relay-connection';
import { PageTitle } from '../core/page-title';
import { Toasts } from '../core/toasts';
import { NewSessionDialog } from '../sessions/new-session/new-session-dialog';
import { NewSessionLauncher } from '../sessions/new-session/new-session-launcher';
import { WaitingSessions } from '../sessions/waiting-sessions';
import { ErrorState } from '../ui/error-state';
import { ToastStack } from '../ui/toast-stack';
import { CommandPalette } from './command-palette/command-palette';
import { ConnectionLine } from './connection-line';
import { LoadFailure } from './load-failure';
import { Overlays } from './overlays';
import { ShortcutsDialog } from './shortcuts-dialog';
import { announceUpdates } from './announce-updates';
import { StandingCommands } from './standing-commands';

/** Around every page of a signed-in person: connection, commands, dialogs, messages. */
@Component({
  selector: 'pz-app-shell',
  imports: [
    CommandPalette,
    ConnectionLine,
    ErrorState,
    LoadFailure,
    NewSessionDialog,
    RouterOutlet,
    ShortcutsDialog,
    ToastStack,
  ],
  host: { '(document:keydown)': 'onKey($event)' },
  template: `
    <a class="skip" href="#main" (click)="skip($event)">Skip to content</a>
    <pz-connection-line [isAlone]="auth.problem() !== null" />
    <span class="sr-only" aria-live="polite">{{ waiting.announcement() }}</span>
    @if (auth.problem(); as problem) {
      <main id="main" class="unknown" tabindex="-1">
        <h1 class="sr-only">PizzaPi</h1>
        <pz-error-state
          [heading]="problem.is('network_failed') ? 'The relay can’t be reached' : 'The console can’t tell who you are'"
          [cause]="problem.message"
          (retry)="retry()"
        />
      </main>
    } @else {
      <div class="page"><router-outlet /></div>
    }
    <pz-toast-stack [toasts]="toasts.toasts()" (acted)="toasts.act($event)" (dismissed)="toasts.dismiss($event)" />
    @if (launcher.preset(); as preset) {
      @defer (on immediate) {
        <pz-new-session-dialog [preset]="preset" (closed)="launcher.close()" />
      } @error {
        <pz-load-failure [canGoBack]="true" (closed)="launcher.close()" />
      }
    }
    @switch (overlays.open()) {
      @case ('palette') {
        @defer (on immediate) {
          <pz-command-palette (closed)="overlays.close()" />
        } @error {
          <pz-load-failure [canGoBack]="true" (closed)="overlays.close()" />
        }
      }
      @case ('shortcuts') {
        @defer (on immediate) {
          <pz-shortcuts-dialog (closed)="overlays.close()" />
        } @error {
          <pz-load-failure [canGoBack]="true" (closed)="overlays.close()" />
        }
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      height: 100%;
    }
    .page {
      flex: 1;
      min-height: 0;
    }
    .skip {
      position: fixed;
      z-index: 60;
      top: -60px;
      left: 12px;
      padding: 8px 14px;
      border-radius: 6px;
      background: var(--accent);
      color: var(--accent-text);
    }
    .skip:focus {
      top: 8px;
    }
    .unknown {
      width: min(520px, 100%);
      margin: 18vh auto 0;
      padding: 16px;
    }
  `,
})
export class AppShell {
  protected readonly auth = inject(Auth);
  protected readonly toasts = inject(Toasts);
  protected readonly launcher = inject(NewSessionLauncher);
  protected readonly overlays = inject(Overlays);
  protected readonly waiting = inject(WaitingSessions);
  private readonly commands = inject(Commands);
  private readonly connection = inject(RelayConnection);
  private readonly router = inject(Router);
  private readonly relay = inject(RelayClient);

  constructor() {
    const removeCommands = this.commands.add(inject(StandingCommands).commands());
    this.connection.start();
    inject(DestroyRef).onDestroy(() => {
      removeCommands();
      this.connection.stop();
    });
    this.leaveWhenSignedOut();
    announceUpdates();
    inject(PageTitle).count(this.waiting.count);
    effect(() => {
      // The relay is back: ask again for what could not be answered without it.
      if (this.connection.epoch() > 0 && untracked(this.auth.problem)) untracked(() => void this.retry());
    });
  }

  protected onKey(event: KeyboardEvent): void {
    const isDialogOpen = document.querySelector('dialog[open]') !== null;
    if (!isDialogOpen) this.commands.handle(event);
  }

  protected skip(event: Event): void {
    event.preventDefault();
    document.getElementById('main')?.focus();
  }

  protected async retry(): Promise<void> {
    if ((await this.auth.load()) === null)
      await this.router.navigate(['/login'], { queryParams: { next: this.router.url } });
  }

  /** After a 401 or a closed socket: ask once who we are, and go to the login if nobody. */
  private leaveWhenSignedOut(): void {
    effect(() => {
      if (this.connection.refusals() > 0) untracked(() => void this.auth.recheck());
    });
    let seen = this.relay.unauthenticated();
    effect(() => {
      const refusals = this.relay.unauthenticated();
      if (refusals === seen || !untracked(this.auth.isSignedIn)) return;
      seen = refusals;
      untracked(() => {
        this.auth.expire();
        void this.router.navigate(['/login'], { queryParams: { next: this.router.url, ended: true } });
      });
    });
  }
}
