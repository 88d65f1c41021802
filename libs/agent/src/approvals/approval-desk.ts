import type { SessionManager } from '@earendil-works/pi-coding-agent';
import {
  type ApprovalAnswer,
  type ApprovalPerson,
  type ApprovalRequest,
  type ApprovalSubject,
  IdPrefix,
  isSameAnswer,
  type SettledApproval,
} from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { ApprovalEntry, unsettledIn } from './approval-entries.js';
import { AnswerMissingError, ApprovalAnsweredError, ApprovalUnknownError } from './approval-error.js';

type Ending = Pick<SettledApproval, 'outcome' | 'answeredBy' | 'scope' | 'text' | 'reason'>;

interface Waiting {
  request: ApprovalRequest;
  /** Ends the waiting, whatever it ends by. */
  settled: (approval: SettledApproval) => void;
}

/** Who tells people of it. */
export interface ApprovalListener {
  requested(request: ApprovalRequest): void;
  /** The session's file has it. */
  settled(): void;
}

const ABORTED = 'The turn was broken off.';
const DIED = "The session's worker ended before anybody answered.";

/**
 * The questions of one session to people, and the one place that decides which answer is the first. Each is in the session's file
 * from when it is asked, and with how it ended; one that a dead worker left behind is closed when the file is opened.
 */
export class ApprovalDesk {
  readonly #manager: SessionManager;
  readonly #deadlineMs: number;
  readonly #waiting = new Map<string, Waiting>();
  /** What was settled in this process, for who comes too late. */
  readonly #settled = new Map<string, Omit<SettledApproval, 'subject'>>();
  #listener: ApprovalListener | null = null;

  /** @param deadlineMs How long a question waits. */
  constructor(manager: SessionManager, deadlineMs: number) {
    this.#manager = manager;
    this.#deadlineMs = deadlineMs;
    for (const request of unsettledIn(manager)) this.#record(request, { outcome: 'closed', reason: DIED });
  }

  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Whether something waits for a person. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  listen(listener: ApprovalListener): void {
    this.#listener = listener;
  }

  /**
   * Asks, and resolves with how it ended: by the first answer, the deadline, or the end of the turn.
   * @throws when the turn is over already
   */
  async ask(subject: ApprovalSubject, toolCallId: string, signal: AbortSignal | undefined): Promise<SettledApproval> {
    signal?.throwIfAborted();
    const now = Date.now();
    const request: ApprovalRequest = {
      approvalId: IdPrefix.approval + v7(),
      toolCallId,
      askedAt: new Date(now).toISOString(),
      deadline: new Date(now + this.#deadlineMs).toISOString(),
      // What is asked about stays as it is, whatever becomes of the call's own object.
      subject: structuredClone(subject),
    };
    const { approvalId } = request;
    this.#manager.appendCustomEntry(ApprovalEntry.requested, request);
    const { promise, resolve } = Promise.withResolvers<SettledApproval>();
    this.#waiting.set(approvalId, { request, settled: resolve });
    const timer = setTimeout(() => this.#settle(approvalId, { outcome: 'expired' }), this.#deadlineMs);
    const onAbort = (): void => this.#settle(approvalId, { outcome: 'closed', reason: ABORTED });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#listener?.requested(request);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * A person's answer. The first counts; the same one again does nothing.
   * @throws ApprovalUnknownError, ApprovalAnsweredError, AnswerMissingError
   */
  answer(approvalId: string, answer: ApprovalAnswer, by: ApprovalPerson): void {
    const before = this.#settled.get(approvalId);
    if (before) {
      if (isSameAnswer(before, answer, by.userId)) return;
      throw new ApprovalAnsweredError(before);
    }
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) throw new ApprovalUnknownError(approvalId);
    const { decision, scope, text } = answer;
    const isQuestion = waiting.request.subject.kind === 'question';
    if (isQuestion && decision === 'allow' && (text ?? '').trim() === '') throw new AnswerMissingError();
    this.#settle(approvalId, {
      outcome: decision === 'allow' ? 'allowed' : 'denied',
      answeredBy: by,
      ...(scope !== undefined && { scope }),
      ...(text !== undefined && { text }),
    });
  }

  /** Nobody can answer any more. @param reason a sentence */
  close(reason: string): void {
    for (const approvalId of [...this.#waiting.keys()]) this.#settle(approvalId, { outcome: 'closed', reason });
  }

  #settle(approvalId: string, ending: Ending): void {
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) return;
    const approval = this.#record(waiting.request, ending);
    this.#waiting.delete(approvalId);
    this.#listener?.settled();
    waiting.settled(approval);
  }

  #record(request: ApprovalRequest, ending: Ending): SettledApproval {
    const approval: SettledApproval = {
      role: 'approval',
      ...request,
      ...ending,
      settledAt: new Date().toISOString(),
    };
    this.#manager.appendCustomEntry(ApprovalEntry.settled, approval);
    const { subject: _subject, ...kept } = approval;
    this.#settled.set(request.approvalId, kept);
    return approval;
  }
}
