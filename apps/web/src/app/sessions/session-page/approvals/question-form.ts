import { Component, computed, ElementRef, inject, input, viewChildren } from '@angular/core';
import { LucideExternalLink, LucideMessageCircleQuestionMark } from '@lucide/angular';
import type { ApprovalRequest } from '@pizzapi/protocol';
import { Kbd } from '../../../ui/kbd';
import { isSendKey } from '../../../ui/send-key';
import { TextInput } from '../../../ui/text-input';
import { clockTime } from '../../../ui/time-text';
import { revealed } from '../conversation/revealed';
import { MarkdownView } from '../markdown/markdown-view';
import { AskedParent } from '../family/asked-parent';
import { AnswerButtons } from './answer-buttons';
import { answerKey } from './answer-keys';
import { ApprovalAnswers } from './approval-answers';
import { linkOf, type QuestionSubject, questionHeading, taskWords } from './approval-words';

/** What the agent, or an MCP server, wants to know: its answers to choose from, and the person's own words. */
@Component({
  selector: 'pz-question-form',
  imports: [
    AnswerButtons,
    AskedParent,
    Kbd,
    LucideExternalLink,
    LucideMessageCircleQuestionMark,
    MarkdownView,
    TextInput,
  ],
  host: { role: 'group', '[attr.aria-labelledby]': 'headingId()', '(keydown)': 'onKey($event)' },
  templateUrl: './question-form.html',
  styleUrl: './approval.css',
})
export class QuestionForm {
  readonly request = input.required<ApprovalRequest>();
  readonly subject = input.required<QuestionSubject>();
  protected readonly answers = inject(ApprovalAnswers);
  private readonly radios = viewChildren<ElementRef<HTMLElement>>('radio');

  protected readonly heading = computed(() => questionHeading(this.subject()));
  protected readonly task = computed(() => taskWords(this.subject()));
  /** A server's text is shown as it is, with hidden characters made visible, not as Markdown. */
  protected readonly said = computed(() => {
    const { server, question } = this.subject();
    if (!server) return null;
    const link = server.url === undefined ? null : linkOf(server.url);
    return {
      message: revealed(server.message),
      question: revealed(question),
      link,
      badLink: server.url !== undefined && link === null,
    };
  });
  protected readonly headingId = computed(() => `asks-${this.request().approvalId}`);
  protected readonly draft = computed(() => this.answers.draft(this.request().approvalId));
  protected readonly until = computed(() => clockTime(this.request().deadline));
  /** A server's yes-or-no question: it takes no text, which would be taken for a no. */
  protected readonly only = computed(() => {
    const { server, options } = this.subject();
    return server?.isYesOrNo === true ? (options[0]?.label ?? null) : null;
  });
  /** The chosen option, followed by the person's own words. */
  private readonly answer = computed(
    () =>
      this.only() ??
      [this.draft().option, this.draft().text.trim()].filter((part) => part !== null && part !== '').join(': '),
  );
  protected readonly hasAnswer = computed(() => this.answer() !== '');

  /** Digits choose an answer; from within a field it is sent with a modifier. */
  protected onKey(event: KeyboardEvent): void {
    if (this.answers.obstacle() !== null) return;
    const index = Number(answerKey(event) ?? 0) - 1;
    const chosen = this.only() === null ? this.subject().options[index] : undefined;
    if (chosen !== undefined) {
      this.choose(chosen.label);
      this.radios()[index]?.nativeElement.focus();
    } else if (isSendKey(event)) this.send();
    else return;
    event.preventDefault();
  }

  protected choose(option: string): void {
    this.answers.change(this.request().approvalId, { option });
  }

  protected write(text: string): void {
    this.answers.change(this.request().approvalId, { text });
  }

  protected send(): void {
    if (this.hasAnswer()) void this.answers.send(this.request().approvalId, { decision: 'allow', text: this.answer() });
  }

  protected decline(): void {
    const text = this.draft().text.trim();
    void this.answers.send(this.request().approvalId, { decision: 'deny', ...(text !== '' && { text }) });
  }
}
