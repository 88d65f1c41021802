import { Component, computed, inject, input } from '@angular/core';
import { LucideCloudOff, LucideRefreshCw, LucideUnplug, LucideX } from '@lucide/angular';
import { RelayConnection } from '../core/realtime/relay-connection';
import { Button } from '../ui/button';
import { IconButton } from '../ui/icon-button';
import { clockTime } from '../ui/time-text';

/** By the code of `relay:closing`: what happened and what to do, for people who do not program. */
const CLOSINGS = new Map<string, string>([
  [
    'flooding',
    'The relay closed the connection because this browser sent too much at once. It connects again by itself; if this comes back, close other tabs of the console.',
  ],
  [
    'malformed_message',
    'The relay closed the connection because it could not read what this console sent. Reload to get the console that fits it.',
  ],
]);

/** The connection to the relay: a thin line at the very top; while it is lost, a bar that says since when. */
@Component({
  selector: 'pz-connection-line',
  imports: [Button, IconButton, LucideCloudOff, LucideRefreshCw, LucideUnplug, LucideX],
  host: { role: 'region', 'aria-label': 'Connection to the relay', '[class]': 'connection.state()' },
  template: `
    <div
      class="line"
      role="img"
      [attr.aria-label]="'Relay: ' + connection.state()"
      [title]="'Relay: ' + connection.state()"
    ></div>
    @if (!isAlone() && since(); as iso) {
      <div class="bar">
        <svg lucideCloudOff></svg>
        <span>
          Disconnected from the relay since <time [attr.datetime]="iso">{{ clockTime(iso) }}</time>. What you see is
          from then; agents keep working.
        </span>
        <button pzButton type="button" (click)="connection.reconnectNow()">Reconnect</button>
      </div>
    }
    @if (closing(); as words) {
      <div class="bar" role="status">
        <svg lucideUnplug></svg>
        <span>{{ words }}</span>
        <button pzButton type="button" (click)="reload()">Reload</button>
        <button pzIconButton type="button" label="Dismiss" (click)="connection.dismissClosing()">
          <svg lucideX></svg>
        </button>
      </div>
    }
    @if (connection.dropped() > 0) {
      <div class="bar" role="status">
        <svg lucideRefreshCw></svg>
        <span
          >This console is older than the relay and can’t read all of what it says. Reload to get the newer one.</span
        >
        <button pzButton type="button" (click)="reload()">Reload</button>
      </div>
    }
    <span class="sr-only" aria-live="polite">{{ announcement() }}</span>
  `,
  styles: `
    .line {
      position: fixed;
      z-index: 40;
      inset: 0 0 auto;
      height: 2px;
      background: var(--ok);
      opacity: 0.7;
      transition: background var(--slow) var(--ease);
    }
    :host(.connecting) .line {
      background: var(--border-strong);
    }
    :host(.offline) .line {
      background: var(--warn);
      opacity: 1;
    }
    .bar {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 7px 14px;
      border-bottom: 1px solid color-mix(in srgb, var(--warn) 30%, var(--border));
      background: var(--warn-bg);
    }
    .bar svg {
      color: var(--warn);
    }
    .bar span {
      flex: 1;
    }
  `,
})
export class ConnectionLine {
  /** Nothing has been read yet that could be stale: the page itself says that the relay is away. */
  readonly isAlone = input(false);
  protected readonly connection = inject(RelayConnection);
  protected readonly clockTime = clockTime;
  protected readonly reload = (): void => location.reload();
  protected readonly since = computed(() => this.connection.offlineSince()?.toISOString());
  protected readonly closing = computed(() => {
    const problem = this.connection.closing();
    return problem === null
      ? null
      : (CLOSINGS.get(problem.code) ?? `The relay closed the connection. ${problem.detail}`);
  });
  protected readonly announcement = computed(() => {
    if (this.connection.state() === 'offline') return 'Disconnected from the relay';
    return this.connection.epoch() > 1 ? 'Connected to the relay again' : '';
  });
}
