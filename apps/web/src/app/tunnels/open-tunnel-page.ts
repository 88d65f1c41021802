import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { AccountFrame } from '../account/account-frame';
import { type ApiProblem, asProblem } from '../core/api/api-problem';
import { TunnelsApi } from '../core/api/tunnels-api';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';
import { Skeleton } from '../ui/skeleton';
import { noteEntry } from './entry-count';
import { LEAVE_FOR } from './leave-for';
import { pathWithin, ticketAddress } from './tunnel-address';

/** Leads into a tunnel in this tab: asks for a ticket and goes on. What a link to a tunnel points at. */
@Component({
  selector: 'pz-open-tunnel-page',
  imports: [AccountFrame, Button, ErrorState, RouterLink, Skeleton],
  template: `
    <pz-account-frame [heading]="heading()" [lead]="cause() === null ? 'One moment' : ''">
      @if (cause(); as words) {
        <div class="failure">
          <pz-error-state
            [heading]="failure()"
            [cause]="words"
            [reference]="problem()?.requestId"
            [canRetry]="!isGone()"
            (retry)="open()"
          />
          <a pzButton routerLink="/">To the sessions</a>
        </div>
      } @else {
        <pz-skeleton [lines]="3" [height]="14" />
      }
    </pz-account-frame>
    <span class="sr-only" role="status">{{ cause() === null ? 'Opening the tunnel' : '' }}</span>
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
    .failure {
      display: grid;
      justify-items: center;
      gap: 16px;
    }
  `,
})
export class OpenTunnelPage {
  /** Of the address. */
  readonly label = input.required<string>();
  readonly path = input<string>();
  private readonly api = inject(TunnelsApi);
  private readonly leaveFor = inject(LEAVE_FOR);
  protected readonly problem = signal<ApiProblem | null>(null);
  private readonly isTurnedAway = signal(false);

  protected readonly isGone = computed(() => this.problem()?.status === 404);
  protected readonly heading = computed(() =>
    this.cause() === null ? 'Opening the tunnel' : 'The tunnel is not open',
  );
  protected readonly failure = computed(() => {
    if (this.isTurnedAway()) return 'This browser does not get in';
    if (this.isGone()) return 'There is no such tunnel';
    return this.problem()?.is('runner_offline') || this.problem()?.is('tunnel_offline')
      ? 'Its runner is away'
      : 'The relay did not let you in';
  });
  protected readonly cause = computed(() => {
    if (this.isTurnedAway())
      return 'You were let in, and the tunnel sent you back: this browser keeps no cookie of its address. Allow cookies for it; without https, only addresses below localhost keep them.';
    if (this.isGone()) return 'It was closed, or ended with its session, or it is somebody else’s.';
    return this.problem()?.message ?? null;
  });

  constructor() {
    effect(() => {
      this.label();
      untracked(() => void this.open());
    });
  }

  protected async open(): Promise<void> {
    this.problem.set(null);
    this.isTurnedAway.set(!noteEntry(this.label()));
    if (this.isTurnedAway()) return;
    try {
      this.leaveFor(ticketAddress(await this.api.ticket(this.label(), pathWithin(this.path()))));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
