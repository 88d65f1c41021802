import { computed, Injectable, inject, type Signal, signal } from '@angular/core';
import type { ApprovalAnswer } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { runnerNamedIn, type ToolSubject } from './approval-words';

/** What this browser is about to answer. */
export interface AnswerDraft {
  /** A note for the agent, or an answer in the person's own words. */
  readonly text: string;
  readonly isNoteOpen: boolean;
  /** The label of the chosen option; null if there is none yet, or if the answer is in the person's own words. */
  readonly option: string | null;
  readonly isSending: boolean;
  readonly problem: string | null;
  /** Somebody else was first. */
  readonly isLate: boolean;
}

/** What the cards need to know of their session. */
export interface AnsweredPage {
  /** Where the agent runs. */
  readonly runnerName: Signal<string>;
  /** The name of another runner; undefined if it is unknown. */
  readonly runnerNamed?: (runnerId: string) => string | undefined;
  /** Why nothing can be answered. */
  readonly obstacle: Signal<string | null>;
}

const EMPTY: AnswerDraft = {
  text: '',
  isNoteOpen: false,
  option: null,
  isSending: false,
  problem: null,
  isLate: false,
};

/** Answers of one session's page on their way. They outlive the rows, which exist only while they are near the viewport. */
@Injectable()
export class ApprovalAnswers {
  private readonly api = inject(ApprovalsApi);
  private readonly drafts = signal<ReadonlyMap<string, AnswerDraft>>(new Map());
  private readonly page = signal<AnsweredPage | null>(null);
  readonly runnerName = computed(() => this.page()?.runnerName() ?? '');
  readonly obstacle = computed(() => this.page()?.obstacle() ?? null);

  /** The name of the runner on which the call would act. */
  runnerFor(subject: ToolSubject): string {
    const named = runnerNamedIn(subject);
    return named === null ? this.runnerName() : (this.page()?.runnerNamed?.(named) ?? 'another runner');
  }

  /** On whose page the questions are. */
  of(page: AnsweredPage): void {
    this.page.set(page);
  }

  draft(approvalId: string): AnswerDraft {
    return this.drafts().get(approvalId) ?? EMPTY;
  }

  change(approvalId: string, change: Partial<AnswerDraft>): void {
    this.drafts.update((drafts) => new Map(drafts).set(approvalId, { ...this.draft(approvalId), ...change }));
  }

  /** Stays “sending” after success: the session's own event settles the question, in this browser as in all others. */
  async send(approvalId: string, answer: ApprovalAnswer): Promise<void> {
    if (this.draft(approvalId).isSending) return;
    this.change(approvalId, { isSending: true, problem: null });
    try {
      await this.api.answer(approvalId, answer);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.is('approval_answered')) this.change(approvalId, { isLate: true });
      else this.change(approvalId, { isSending: false, problem: problem.message });
    }
  }
}
