import { Component, DestroyRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TriggerFiredDto, TriggerStateDto } from '@pizzapi/api-client';
import { asProblem } from '../../core/api/api-problem';
import { TriggersApi } from '../../core/api/triggers-api';
import { SessionsStore } from '../../sessions/sessions-store';
import { sessionName } from '../../sessions/session-state';
import { Copyable } from '../../ui/copyable';

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;
/** More are only counted. */
const MAX_SHOWN = 12;
const ON_THE_WAY = new Set(['waiting', 'sent']);

/** Whom a fired trigger reached, and how far it is with each; looked at again until all is settled. */
@Component({
  selector: 'pz-fired-trigger',
  imports: [Copyable, RouterLink],
  template: `
    <p role="status">
      <b>{{ words() }}</b> <pz-copyable label="the trigger’s id" [text]="fired().triggerId" />
    </p>
    @if (problem(); as cause) {
      <p class="muted">{{ cause }}</p>
    }
    <ul>
      @for (each of shown(); track each.deliveryId) {
        <li>
          @if (each.sessionId; as id) {
            <a [routerLink]="['/s', id]">{{ each.name }}</a>
          } @else {
            <span>{{ each.name }}</span>
          }
          <span [class]="each.state">{{ each.state }}</span>
          @if (each.reason) {
            <span class="faint">{{ each.reason }}</span>
          }
        </li>
      }
      @if (others(); as words) {
        <li class="muted">{{ words }}</li>
      }
    </ul>
  `,
  styles: `
    p {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 8px;
      min-height: 28px;
    }
    b {
      font-weight: 500;
    }
    pz-copyable {
      margin-left: -7px;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 12px;
    }
    a {
      padding-block: 2px;
    }
    li > span {
      color: var(--muted);
    }
    li > .received {
      color: var(--ok);
    }
    li > .dead {
      color: var(--warn);
    }
  `,
})
export class FiredTrigger {
  readonly fired = input.required<TriggerFiredDto>();
  private readonly api = inject(TriggersApi);
  private readonly sessions = inject(SessionsStore);
  private readonly state = signal<TriggerStateDto | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isGone = false;
  protected readonly problem = signal<string | null>(null);
  protected readonly words = computed(() => {
    const { subscriptions, listeners } = this.fired();
    if (subscriptions + listeners === 0) return 'Fired. Nobody waits for it.';
    const parts = [counted(subscriptions, 'subscription'), counted(listeners, 'listener')].filter(
      (part) => part !== '',
    );
    return `Fired: fits ${parts.join(' and ')}.`;
  });
  protected readonly deliveries = computed(() =>
    (this.state()?.deliveries ?? []).map(({ deliveryId, sessionId, listenerId, state, reason }) => {
      const session = sessionId === null ? undefined : this.sessions.session(sessionId);
      const unknown = listenerId === null ? 'a session' : 'the session of a listener';
      return { deliveryId, sessionId, state, reason, name: session ? sessionName(session) : unknown };
    }),
  );

  /** Those that may need attention come first. */
  protected readonly shown = computed(() => {
    const sorted = [...this.deliveries()].sort((a, b) => Number(b.state === 'dead') - Number(a.state === 'dead'));
    return sorted.length > MAX_SHOWN ? sorted.slice(0, MAX_SHOWN) : sorted;
  });
  protected readonly others = computed(() => {
    const all = this.deliveries();
    if (all.length <= MAX_SHOWN) return '';
    const byState = [...Map.groupBy(all, ({ state }) => state)].map(([state, each]) => `${each.length} ${state}`);
    return `… ${all.length} in all: ${byState.join(', ')}`;
  });

  constructor() {
    effect(() => {
      const { triggerId } = this.fired();
      clearTimeout(this.timer);
      this.state.set(null);
      untracked(() => void this.look(triggerId, FIRST_PAUSE_MS));
    });
    inject(DestroyRef).onDestroy(() => {
      this.isGone = true;
      clearTimeout(this.timer);
    });
  }

  private async look(triggerId: string, pauseMs: number): Promise<void> {
    try {
      const state = await this.api.state(triggerId);
      if (this.isGone || triggerId !== this.fired().triggerId) return;
      this.state.set(state);
      this.problem.set(null);
      if (!state.deliveries.some((delivery) => ON_THE_WAY.has(delivery.state))) return;
    } catch (error) {
      this.problem.set(asProblem(error).message);
    }
    if (this.isGone) return;
    this.timer = setTimeout(() => void this.look(triggerId, Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)), pauseMs);
  }
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
