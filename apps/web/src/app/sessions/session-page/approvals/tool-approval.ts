import { Component, computed, inject, input } from '@angular/core';
import { LucideChevronRight, LucideShieldQuestionMark } from '@lucide/angular';
import type { ApprovalAnswer, ApprovalRequest } from '@pizzapi/protocol';
import { Button } from '../../../ui/button';
import { Kbd } from '../../../ui/kbd';
import { TextInput } from '../../../ui/text-input';
import { AskedParent } from '../family/asked-parent';
import { DiffView } from '../tools/diff-view';
import { AnswerButtons } from './answer-buttons';
import { answerKey } from './answer-keys';
import { ApprovalAnswers } from './approval-answers';
import { ruleWords, taskWords, type ToolSubject, toolWords, whyAsked } from './approval-words';

/** Whether a tool may run: exactly what would, why it is asked, and the answers. */
@Component({
  selector: 'pz-tool-approval',
  imports: [AnswerButtons, AskedParent, Button, DiffView, Kbd, LucideChevronRight, LucideShieldQuestionMark, TextInput],
  host: { role: 'group', '[attr.aria-labelledby]': 'headingId()', '(keydown)': 'onKey($event)' },
  templateUrl: './tool-approval.html',
  styleUrl: './approval.css',
})
export class ToolApproval {
  readonly request = input.required<ApprovalRequest>();
  readonly subject = input.required<ToolSubject>();
  protected readonly answers = inject(ApprovalAnswers);

  protected readonly headingId = computed(() => `asks-${this.request().approvalId}`);
  protected readonly words = computed(() => toolWords(this.subject(), this.answers.runnerFor(this.subject())));
  protected readonly task = computed(() => taskWords(this.subject()));
  protected readonly why = computed(() => whyAsked(this.request()));
  protected readonly rule = computed(() => ruleWords(this.subject().rule));
  protected readonly draft = computed(() => this.answers.draft(this.request().approvalId));
  private readonly keys = new Map([
    ['a', () => this.answer('allow')],
    ['d', () => this.answer('deny')],
    ['n', () => this.toggleNote()],
  ]);

  /** Letter keys work only with the focus in the card: whoever put it there has come to answer. */
  protected onKey(event: KeyboardEvent): void {
    const act = this.answers.obstacle() === null ? this.keys.get(answerKey(event) ?? '') : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  protected toggleNote(): void {
    this.answers.change(this.request().approvalId, { isNoteOpen: !this.draft().isNoteOpen });
  }

  protected write(text: string): void {
    this.answers.change(this.request().approvalId, { text });
  }

  protected answer(decision: ApprovalAnswer['decision'], scope?: 'session'): void {
    const { text, isNoteOpen } = this.draft();
    const note = isNoteOpen ? text.trim() : '';
    void this.answers.send(this.request().approvalId, {
      decision,
      ...(scope !== undefined && { scope }),
      ...(note !== '' && { text: note }),
    });
  }
}
