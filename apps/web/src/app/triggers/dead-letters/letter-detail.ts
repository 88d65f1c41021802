import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideRotateCw, LucideTrash2 } from '@lucide/angular';
import type { DeadLetterView } from '@pizzapi/protocol';
import { Button } from '../../ui/button';
import { Copyable } from '../../ui/copyable';
import { JsonView } from '../../ui/json-view';
import { RelativeTime } from '../../ui/relative-time';
import { isSessionDeleted, letterSession, replayRefusal } from './letter-words';

/** One dead letter: why it died, what it holds, and what can be done with it. */
@Component({
  selector: 'pz-letter-detail',
  imports: [Button, Copyable, JsonView, LucideRotateCw, LucideTrash2, RelativeTime, RouterLink],
  template: `
    @let it = letter();
    <p>{{ it.reason.detail }}</p>
    <dl>
      <dt>Reason</dt>
      <dd>
        <code>{{ it.reason.code }}</code>
      </dd>
      <dt>{{ it.kind === 'input' ? 'Said' : 'Fired' }}</dt>
      <dd><pz-relative-time [iso]="it.ts" form="long" /></dd>
      <dt>Given up</dt>
      <dd><pz-relative-time [iso]="it.diedAt" form="long" />, {{ attempts() }}</dd>
      <dt>Session</dt>
      <dd>
        @if (isGone()) {
          none was started
        } @else if (isOrphan()) {
          {{ session() }}, deleted
        } @else {
          <a [routerLink]="['/s', it.sessionId]">{{ session() }}</a>
        }
      </dd>
      @if (!isGone() && it.listenerId; as id) {
        <dt>Listener</dt>
        <dd>
          <a [routerLink]="['/runners', it.runnerId, 'listeners']" [queryParams]="{ listener: id }"
            >the one that starts it</a
          >
        </dd>
      }
      @if (it.triggerId; as id) {
        <dt>Trigger</dt>
        <dd class="id"><pz-copyable label="the trigger’s id" [text]="id" /></dd>
      }
    </dl>
    <pz-json-view class="payload" [value]="it.payload" [label]="it.kind === 'input' ? 'Message' : 'Payload'" />
    <div class="acts">
      <button
        pzButton
        type="button"
        [disabled]="refusal() !== null"
        [attr.aria-describedby]="refusal() === null ? null : 'no-replay-' + it.deliveryId"
        [isBusy]="isBusy()"
        (click)="replayed.emit()"
      >
        <svg lucideRotateCw></svg>Replay
      </button>
      <button pzButton variant="ghost" type="button" (click)="discarded.emit()">
        <svg lucideTrash2></svg>Discard…
      </button>
      @if (refusal(); as why) {
        <p class="refusal" [id]="'no-replay-' + it.deliveryId">No replay: {{ why }}</p>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      padding: 4px 16px 16px 48px;
      overflow-wrap: anywhere;
      white-space: normal;
    }
    dl {
      display: grid;
      grid-template-columns: 5.25rem minmax(0, 1fr);
      gap: 2px 12px;
    }
    dt {
      color: var(--faint);
    }
    dd {
      min-width: 0;
    }
    .id {
      margin-left: -7px;
    }
    .payload {
      border: 1px solid var(--border-soft);
      border-radius: 6px;
      background: var(--bg);
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }
    .refusal {
      flex: 1 1 220px;
      color: var(--muted);
      font-size: 0.75rem;
    }
    @media (max-width: 759px) {
      :host {
        padding-inline: 12px;
      }
    }
  `,
})
export class LetterDetail {
  readonly letter = input.required<DeadLetterView>();
  readonly isBusy = input(false);
  readonly replayed = output();
  readonly discarded = output();
  protected readonly refusal = computed(() => replayRefusal(this.letter()));
  protected readonly isOrphan = computed(() => isSessionDeleted(this.letter()));
  /** There never was a session, and the listener that would have started one is gone. */
  protected readonly isGone = computed(() => this.letter().reason.code === 'listener_gone');
  protected readonly session = computed(() => letterSession(this.letter()));
  protected readonly attempts = computed(() => {
    const { attempts } = this.letter();
    if (attempts === 0) return 'before the first attempt';
    return attempts === 1 ? 'after one attempt' : `after ${attempts} attempts`;
  });
}
