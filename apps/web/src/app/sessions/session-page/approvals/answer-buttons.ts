import { Component, computed, inject, input, output } from '@angular/core';
import type { ApprovalAnswer } from '@pizzapi/protocol';
import { Button } from '../../../ui/button';
import { Kbd } from '../../../ui/kbd';
import { ApprovalAnswers } from './approval-answers';

/** The no and yes buttons of a card, or why it cannot be answered; further answers are projected in. */
@Component({
  selector: 'pz-answer-buttons',
  imports: [Button, Kbd],
  template: `
    @if (answers.obstacle(); as obstacle) {
      <p class="problem">{{ obstacle }}</p>
    } @else {
      <div class="acts">
        <button
          pzButton
          type="button"
          size="large"
          [isBusy]="draft().isSending"
          [attr.aria-keyshortcuts]="hasKeys() ? 'D' : null"
          (click)="decided.emit('deny')"
        >
          {{ no() }}
          @if (hasKeys()) {
            <pz-kbd combo="D" class="on-button" aria-hidden="true" />
          }
        </button>
        <button
          pzButton
          type="button"
          variant="primary"
          size="large"
          [disabled]="!isReady()"
          [isBusy]="draft().isSending"
          [attr.aria-keyshortcuts]="hasKeys() ? 'A' : null"
          (click)="decided.emit('allow')"
        >
          {{ yes() }}
          @if (hasKeys()) {
            <pz-kbd combo="A" class="on-button" aria-hidden="true" />
          }
        </button>
      </div>
      <ng-content />
    }
    @if (draft().problem; as problem) {
      <p class="problem" role="alert">{{ problem }}</p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .problem {
      margin: 8px 0 0;
      color: var(--bad);
      font-size: 0.8125rem;
    }
    .acts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr));
      gap: 10px;
      margin-top: 12px;
    }
    .acts button {
      min-height: 40px;
    }
    @media (min-width: 900px) {
      .acts {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
      }
      .acts button {
        min-width: 132px;
      }
    }
  `,
})
export class AnswerButtons {
  readonly approvalId = input.required<string>();
  readonly no = input.required<string>();
  readonly yes = input.required<string>();
  /** Whether the card takes the letters D and A. */
  readonly hasKeys = input(true);
  /** Whether the answer is complete, so that it can be sent. */
  readonly isReady = input(true);
  readonly decided = output<ApprovalAnswer['decision']>();
  protected readonly answers = inject(ApprovalAnswers);
  protected readonly draft = computed(() => this.answers.draft(this.approvalId()));
}
