import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideRotateCw } from '@lucide/angular';
import { AccountFrame } from '../account/account-frame';
import { type ApiProblem, asProblem } from '../core/api/api-problem';
import { TunnelsApi } from '../core/api/tunnels-api';
import { Button } from '../ui/button';
import { noteEntry } from './entry-count';
import { LEAVE_FOR } from './leave-for';
import { pathWithin, ticketAddress } from './tunnel-address';

/** The page that links to a tunnel point at: it gets a ticket and goes on into the tunnel, in this tab. */
@Component({
  selector: 'pz-open-tunnel-page',
  imports: [AccountFrame, Button, LucideRotateCw, RouterLink],
  template: `
    <pz-account-frame [heading]="heading()" [lead]="cause() ?? 'One moment'">
      @if (cause() !== null) {
        <div class="acts">
          @if (!isGone()) {
            <button pzButton variant="primary" type="button" (click)="open()"><svg lucideRotateCw></svg>Retry</button>
          }
          <a pzButton routerLink="/">Go to sessions</a>
        </div>
        @if (reference(); as id) {
          <p class="faint">
            Request <code>{{ id }}</code>
          </p>
        }
      }
    </pz-account-frame>
    <span class="sr-only" role="status">{{ heading() }}. {{ cause() }}</span>
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
    .acts {
      display: flex;
      justify-content: center;
      gap: 8px;
    }
    p {
      margin-top: 20px;
      text-align: center;
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
  protected readonly heading = computed(() => {
    if (this.isTurnedAway()) return 'This browser can’t get in';
    if (this.isGone()) return 'There is no such tunnel';
    if (this.isAway()) return 'Its runner is away';
    return this.problem() ? 'The relay did not let you in' : 'Opening the tunnel';
  });
  private readonly isAway = computed(
    () => this.problem()?.is('runner_offline') === true || this.problem()?.is('tunnel_offline') === true,
  );
  /** Shown only if it helps the person who is asked for help. */
  protected readonly reference = computed(() =>
    this.isGone() || this.isAway() ? undefined : this.problem()?.requestId,
  );
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
