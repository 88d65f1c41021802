import { Component, computed, inject, input } from '@angular/core';
import { LucideCheck, LucideClock, LucideMessageCircleQuestionMark, LucideX } from '@lucide/angular';
import type { SettledApproval } from '@pizzapi/protocol';
import { exactTime } from '../../../ui/time-text';
import { ApprovalAnswers } from './approval-answers';
import { outcomeWords, subjectLine } from './approval-words';

/** How a question ended: what was asked, by whom and when it was answered, and what they wrote. */
@Component({
  selector: 'pz-settled-approval-row',
  imports: [LucideCheck, LucideClock, LucideMessageCircleQuestionMark, LucideX],
  template: `
    <div class="line" [class]="approval().outcome">
      @switch (icon()) {
        @case ('question') {
          <svg lucideMessageCircleQuestionMark size="0.875rem"></svg>
        }
        @case ('allowed') {
          <svg lucideCheck size="0.875rem"></svg>
        }
        @case ('denied') {
          <svg lucideX size="0.875rem"></svg>
        }
        @default {
          <svg lucideClock size="0.875rem"></svg>
        }
      }
      <span class="asked" [class.mono]="approval().subject.kind === 'tool'" [title]="asked()">{{ asked() }}</span>
      <span class="outcome" [title]="exact()">{{ outcome() }}</span>
    </div>
    @if (approval().text; as text) {
      <p class="text">{{ text }}</p>
    }
    @if (isLate()) {
      <p class="late" role="status">Your answer came too late: this one was first.</p>
    }
  `,
  styles: `
    :host {
      display: block;
      color: var(--muted);
      font-size: 0.75rem;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 8px;
    }
    svg {
      flex: none;
      align-self: center;
      color: var(--faint);
    }
    .allowed svg {
      color: var(--ok);
    }
    .denied svg {
      color: var(--bad);
    }
    .asked {
      flex: 1 1 12rem;
      min-width: 0;
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
    }
    .outcome {
      overflow-wrap: anywhere;
    }
    .text {
      margin: 4px 0 0 22px;
      max-width: 76ch;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      color: var(--text);
      font-size: 0.8125rem;
    }
    .late {
      margin: 4px 0 0 22px;
      color: var(--warn);
    }
  `,
})
export class SettledApprovalRow {
  readonly approval = input.required<SettledApproval>();
  private readonly answers = inject(ApprovalAnswers);
  protected readonly asked = computed(() => subjectLine(this.approval().subject));
  protected readonly outcome = computed(() => outcomeWords(this.approval()));
  protected readonly exact = computed(() => exactTime(this.approval().settledAt));
  protected readonly isLate = computed(() => this.answers.draft(this.approval().approvalId).isLate);
  protected readonly icon = computed(() => {
    const { subject, outcome } = this.approval();
    return subject.kind === 'question' && outcome === 'allowed' ? 'question' : outcome;
  });
}
