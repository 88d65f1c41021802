import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideMailWarning, LucideServer } from '@lucide/angular';
import { type ConnectionState, RelayConnection } from '../core/realtime/relay-connection';
import { RunnersStore } from '../runners/runners-store';
import { DeadLetterCount } from '../triggers/dead-letters/dead-letter-count';
import { letters } from '../triggers/dead-letters/letter-words';
import { type DotTone, StatusDot } from '../ui/status-dot';

/**
 * The overall state in one line: the connection to the relay, the runners online, dead letters. Each part leads to
 * its page. One runner being away is no fault, people close their laptops; when all are away, nothing can run.
 */
@Component({
  selector: 'pz-health-badge',
  imports: [LucideMailWarning, LucideServer, RouterLink, StatusDot],
  host: { role: 'group', '[attr.aria-label]': 'label()', '[class]': 'health()' },
  template: `
    <span class="state" [title]="title()"
      ><pz-status-dot aria-hidden="true" [tone]="tone()" [label]="word()" />{{ word() }}</span
    >
    <span class="facts" [class.pz-stale]="connection.isLost()">
      @if (runners(); as words) {
        <a routerLink="/runners" class="num" [class.none]="isWithoutRunner()" [title]="words"
          ><svg lucideServer size="0.8125rem"></svg>{{ words }}</a
        >
      }
      @if (letterCount() > 0) {
        <a routerLink="/triggers" class="letters num" [attr.aria-label]="letterWords()" [title]="letterWords()"
          ><svg lucideMailWarning size="0.8125rem"></svg>{{ letterCount() > 99 ? '99+' : letterCount() }}</a
        >
      }
    </span>
    <span class="sr-only" aria-live="polite">
      @if (letterCount() > 0) {
        {{ letterWords() }}
      }
    </span>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 0 6px;
      padding: 4px 8px 4px 16px;
      border-top: 1px solid var(--border-soft);
      color: var(--muted);
      font-size: 0.75rem;
      container-type: inline-size;
    }
    .state {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      min-height: 24px;
    }
    :host(.degraded) .state,
    :host(.offline) .state {
      color: var(--warn);
    }
    .facts {
      display: inline-flex;
      align-items: center;
      gap: 2px;
      margin-inline-start: auto;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      min-height: 24px;
      padding: 0 7px;
      border-radius: 99px;
      color: var(--muted);
      text-decoration: none;
      white-space: nowrap;
    }
    a:hover {
      background: var(--hover);
      color: var(--text);
    }
    a.none {
      color: var(--warn);
    }
    a.letters {
      background: var(--warn-bg);
      color: var(--warn);
      font-weight: 600;
    }
    /* Where the rail is narrow, words say enough. */
    @container (max-width: 15rem) {
      a:not(.letters) {
        padding: 0 3px;
      }
      a:not(.letters) svg {
        display: none;
      }
    }
    @media (pointer: coarse) {
      a {
        min-height: 44px;
        padding: 0 12px;
      }
      a.letters {
        background: none;
      }
    }
  `,
})
export class HealthBadge {
  protected readonly connection = inject(RelayConnection);
  private readonly store = inject(RunnersStore);
  protected readonly letterCount = inject(DeadLetterCount).count;
  protected readonly letterWords = computed(() => letters(this.letterCount()));

  private readonly online = computed(() => this.store.runners().filter(({ online }) => online).length);
  protected readonly isWithoutRunner = computed(() => this.store.runners().length > 0 && this.online() === 0);
  /** Null before they are known. */
  protected readonly runners = computed(() => {
    const all = this.store.runners().length;
    if (!this.store.isLoaded()) return null;
    if (all === 0) return 'no runners';
    const runners = all === 1 ? 'runner' : 'runners';
    if (this.online() === 0) return `${all} ${runners} away`;
    return this.online() === all ? `${all} ${runners}` : `${this.online()} of ${all} ${runners}`;
  });

  /** Why it is degraded, while the relay is there. */
  private readonly faults = computed(() => [
    ...(this.letterCount() > 0 ? [this.letterWords()] : []),
    ...(this.isWithoutRunner() ? ['no runner is connected'] : []),
  ]);
  protected readonly health = computed(() => {
    const state = this.connection.state();
    if (state !== 'online') return state;
    return this.faults().length > 0 ? 'degraded' : 'online';
  });
  protected readonly word = computed(() => WORDS[this.health()]);
  protected readonly tone = computed(() => TONES[this.health()]);
  protected readonly title = computed(() => {
    const relay = RELAY[this.connection.state()];
    return this.health() === 'degraded' ? [relay, ...this.faults()].join(', ') : relay;
  });
  protected readonly label = computed(() => `Health: ${this.title()}`);
}

type Health = 'connecting' | 'online' | 'degraded' | 'offline';

const WORDS: Record<Health, string> = {
  connecting: 'Connecting',
  online: 'Connected',
  degraded: 'Degraded',
  offline: 'Disconnected',
};
const RELAY: Record<ConnectionState, string> = {
  connecting: 'connecting to the relay',
  online: 'connected to the relay',
  offline: 'disconnected from the relay',
};
const TONES: Record<Health, DotTone> = { connecting: 'idle', online: 'ok', degraded: 'waiting', offline: 'bad' };
