import { Component, computed, input, output } from '@angular/core';
import {
  LucideCheck,
  LucideClock,
  LucideMessageCircleQuestionMark,
  LucideShieldQuestionMark,
  LucideX,
} from '@lucide/angular';
import type { ApprovalRequest, SettledApproval } from '@pizzapi/protocol';
import { RelativeTime } from '../../../ui/relative-time';
import { clockTime, exactTime } from '../../../ui/time-text';
import { askedBecause, outcomeWords, subjectLine } from './approval-words';

/** One question in the inspector: what, why it was asked, and how it ended or until when it waits. Leads to its card. */
@Component({
  selector: 'pz-approval-line',
  imports: [LucideCheck, LucideClock, LucideMessageCircleQuestionMark, LucideShieldQuestionMark, LucideX, RelativeTime],
  template: `
    <button type="button" [disabled]="settled() !== null && seq() === null" (click)="chosen.emit()">
      <span class="icon" [class]="icon()" [class.waits]="settled() === null">
        @switch (icon()) {
          @case ('question') {
            <svg lucideMessageCircleQuestionMark></svg>
          }
          @case ('asks') {
            <svg lucideShieldQuestionMark></svg>
          }
          @case ('allowed') {
            <svg lucideCheck></svg>
          }
          @case ('denied') {
            <svg lucideX></svg>
          }
          @default {
            <svg lucideClock></svg>
          }
        }
      </span>
      <span class="what ell" [class.mono]="request().subject.kind === 'tool'" [title]="what()">{{ what() }}</span>
      <pz-relative-time class="faint" [iso]="settled()?.settledAt ?? request().askedAt" />
      <span class="more" [title]="exact()">{{ ending() }}</span>
      <span class="more faint">{{ why() }}</span>
    </button>
  `,
  styles: `
    button {
      display: grid;
      grid-template-columns: 1rem minmax(0, 1fr) auto;
      gap: 1px 10px;
      width: 100%;
      padding: 7px 8px;
      border: 0;
      border-radius: 6px;
      background: none;
      text-align: start;
    }
    button:hover:enabled {
      background: var(--hover);
    }
    button:disabled {
      cursor: default;
    }
    .icon {
      display: grid;
      place-items: center;
      height: 1.25rem;
      color: var(--faint);
    }
    .icon.waits {
      color: var(--warn);
    }
    .icon.allowed {
      color: var(--ok);
    }
    .icon.denied {
      color: var(--bad);
    }
    pz-relative-time,
    .more {
      font-size: 0.75rem;
    }
    .more {
      grid-column: 2 / -1;
      overflow-wrap: anywhere;
    }
    .more:not(.faint) {
      color: var(--muted);
    }
  `,
})
export class ApprovalLine {
  readonly request = input.required<ApprovalRequest>();
  /** How it ended; null: it waits. */
  readonly settled = input<SettledApproval | null>(null);
  /** The entry in the conversation that settled it. */
  readonly seq = input<number | null>(null);
  readonly chosen = output();

  protected readonly what = computed(() => subjectLine(this.request().subject));
  protected readonly why = computed(() => askedBecause(this.request().subject));
  protected readonly exact = computed(() => exactTime(this.settled()?.settledAt ?? this.request().deadline));
  protected readonly ending = computed(() => {
    const settled = this.settled();
    return settled === null ? `Waits until ${clockTime(this.request().deadline)}` : outcomeWords(settled);
  });
  protected readonly icon = computed(() => {
    const { kind } = this.request().subject;
    const outcome = this.settled()?.outcome;
    if (outcome === undefined) return kind === 'question' ? 'question' : 'asks';
    return kind === 'question' && outcome === 'allowed' ? 'question' : outcome;
  });
}
