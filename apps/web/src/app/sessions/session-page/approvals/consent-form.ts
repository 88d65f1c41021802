import { Component, computed, inject, input } from '@angular/core';
import { LucideChevronRight, LucideShieldQuestionMark } from '@lucide/angular';
import type { ApprovalAnswer, ApprovalRequest, ApprovalSubject } from '@pizzapi/protocol';
import { Button } from '../../../ui/button';
import { clockTime } from '../../../ui/time-text';
import { revealed } from '../conversation/revealed';
import { Disclosure } from '../transcript/disclosure';
import { AnswerButtons } from './answer-buttons';
import { answerKey } from './answer-keys';
import { ApprovalAnswers } from './approval-answers';
import { consentHeading } from './approval-words';

const WORDS = {
  agent: {
    place: 'Its file',
    may: 'It may:',
    read: 'Read what it is told',
    content: 'What it is told',
    why: 'It comes from the project’s folder, and its instructions are followed. You are asked again when the file changes.',
    trust: 'Trust this file',
  },
  plugin: {
    place: 'Its folder',
    may: 'It would:',
    read: 'Read what it is made of',
    content: 'What it is made of',
    why: 'It comes from the project’s folder. The session goes on without it until you answer; all sessions of this runner would use it. You are asked again when anything in it changes.',
    trust: 'Trust this plugin',
  },
  mcp: {
    place: 'Their file',
    may: 'Their programs run on this runner, in a sandbox of their own where the session has one. The file names:',
    read: 'Read the file',
    content: 'The file',
    why: 'It comes from the project’s folder. The session goes on without them until you answer; all sessions of this runner would use them. You are asked again when the file changes.',
    trust: 'Start them',
  },
} as const;

/** Whether something that the project's folder brings may be used: where it lies, what it may do, what it says. */
@Component({
  selector: 'pz-consent-form',
  imports: [AnswerButtons, Button, LucideChevronRight, LucideShieldQuestionMark],
  host: { role: 'group', '[attr.aria-labelledby]': 'headingId()', '(keydown)': 'onKey($event)' },
  template: `
    <h3 [id]="headingId()"><svg lucideShieldQuestionMark size="1rem"></svg>{{ heading() }}</h3>
    <pre tabindex="0" role="group" [attr.aria-label]="words().place">{{ path() }}</pre>
    <p>{{ words().may }}</p>
    <ul>
      @for (ability of subject().abilities; track $index) {
        <li>{{ shown(ability) }}</li>
      }
    </ul>
    <button pzButton type="button" class="read" variant="ghost" [attr.aria-expanded]="isOpen()" (click)="toggle()">
      {{ words().read }} <svg lucideChevronRight size="0.8125rem" class="chevron"></svg>
    </button>
    @if (isOpen()) {
      <pre class="content" tabindex="0" role="group" [attr.aria-label]="words().content">{{ content() }}</pre>
    }
    <p class="why">{{ words().why }} No answer by {{ until() }} means no.</p>
    <pz-answer-buttons
      [approvalId]="request().approvalId"
      no="Don’t use it"
      [yes]="words().trust"
      (decided)="answer($event)"
    >
      <div class="more">
        <button
          pzButton
          type="button"
          variant="ghost"
          [isBusy]="draft().isSending"
          (click)="answer('allow', 'session')"
        >
          Only in this session
        </button>
      </div>
    </pz-answer-buttons>
  `,
  styleUrl: './approval.css',
  styles: `
    p,
    ul {
      margin: 6px 0 0;
    }
    /* Where a line is long, it shows where the next one begins. */
    ul {
      padding-left: 20px;
      list-style: disc;
    }
    .read {
      margin: 6px 0 2px -8px;
    }
    /* All of it is to be read. */
    .content {
      max-height: min(70vh, 720px);
    }
  `,
})
export class ConsentForm {
  readonly request = input.required<ApprovalRequest>();
  readonly subject = input.required<Extract<ApprovalSubject, { kind: 'consent' }>>();
  protected readonly answers = inject(ApprovalAnswers);
  private readonly disclosure = inject(Disclosure);
  protected readonly shown = revealed;

  protected readonly headingId = computed(() => `asks-${this.request().approvalId}`);
  protected readonly heading = computed(() => consentHeading(this.subject()));
  protected readonly path = computed(() => revealed(this.subject().path));
  protected readonly words = computed(() => WORDS[this.subject().thing]);
  protected readonly content = computed(() => revealed(this.subject().content));
  protected readonly until = computed(() => clockTime(this.request().deadline));
  protected readonly draft = computed(() => this.answers.draft(this.request().approvalId));
  private readonly key = computed(() => `consent:${this.request().approvalId}`);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key()));

  /** Letter keys work only with the focus in the card: whoever put it there has come to answer. */
  protected onKey(event: KeyboardEvent): void {
    const key = this.answers.obstacle() === null ? answerKey(event) : null;
    if (key !== 'a' && key !== 'd') return;
    event.preventDefault();
    this.answer(key === 'a' ? 'allow' : 'deny');
  }

  protected toggle(): void {
    this.disclosure.toggle(this.key());
  }

  protected answer(decision: ApprovalAnswer['decision'], scope?: 'session'): void {
    void this.answers.send(this.request().approvalId, { decision, ...(scope !== undefined && { scope }) });
  }
}
