import type { SessionManager } from '@earendil-works/pi-coding-agent';
import {
  type ApprovalAnswer,
  type ApprovalPerson,
  ApprovalRequest,
  type ApprovalSubject,
  IdPrefix,
  isSameAnswer,
  mayParentAnswer,
  type SettledApproval,
} from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { v7 } from 'uuid';
import { unlessLost } from '../session-file/session-lock.js';
import { answeredIn, ApprovalEntry, unsettledIn } from './approval-entries.js';
import { type ApprovalPolicy, deadlineOf, parentsMayAnswer } from './approval-policy.js';
import {
  AnswerMissingError,
  ApprovalAnsweredError,
  ApprovalMalformedError,
  ApprovalSuspendedError,
  ApprovalUnknownError,
  ReservedForPeopleError,
} from './approval-error.js';

type Ending = Pick<SettledApproval, 'outcome' | 'answeredBy' | 'scope' | 'text' | 'reason'>;

interface Waiting {
  request: ApprovalRequest;
  /** Resolves the wait: by an answer, the deadline, or the end of the turn. */
  settled: (approval: SettledApproval) => void;
  /** Runs until its deadline. */
  timer?: NodeJS.Timeout;
}

export interface DeskOptions {
  /** How long a question waits. */
  deadlineMs: number;
  /** Whether the session's parent may answer what rules ask about. */
  mayParentAnswer?: boolean;
  /** Tool calls in the conversation that have no result yet. What an earlier worker asked for them goes on waiting. */
  openCalls?: ReadonlySet<string>;
}

/** A question of an earlier worker that still waits. */
interface ResumedQuestion {
  request: ApprovalRequest;
  settled: Promise<SettledApproval>;
}

/** Who hands a question up, and why. */
export type HandingUp = Omit<NonNullable<ApprovalRequest['handedUp']>, 'ts'>;

/** Who tells people of it. */
export interface ApprovalListener {
  requested(request: ApprovalRequest): void;
  /** The session's file has it. */
  settled(): void;
}

/** A question that nothing waits for: the session goes on without what it is about. */
export function holdsNothingUp(subject: ApprovalSubject): boolean {
  return subject.kind === 'consent' && subject.thing !== 'agent';
}

/** A question of the session's own agent: the next worker goes on waiting. A subagent or a server that asked is gone with its worker. */
function isLasting(subject: ApprovalSubject): boolean {
  return subject.kind === 'question' && subject.agent === undefined && subject.server === undefined;
}

const ABORTED = 'The turn was broken off.';
const DIED = "The session's worker ended before anybody answered.";

/**
 * The questions of one session to people, and the one place that decides which answer is the first. Each is in the session's file
 * from when it is asked, and with how it ended. Of what an earlier worker left behind, a question of the agent's own goes on waiting; whether a
 * tool may run is not asked any more, because nothing waits to run it.
 */
export class ApprovalDesk {
  readonly #manager: SessionManager;
  #deadlineMs: number;
  #mayParentAnswer: boolean;
  readonly #resumed: ResumedQuestion[] = [];
  readonly #answered: SettledApproval[];
  readonly #waiting = new Map<string, Waiting>();
  /** Settled in this process: whoever answers too late is told how. */
  readonly #settled = new Map<string, Omit<SettledApproval, 'subject'>>();
  /** What the next worker asks again. */
  readonly #suspended = new Set<string>();
  #listener: ApprovalListener | null = null;
  /** Told what people are asked, each time anew; not of what an earlier worker asked. */
  onAsked: (subject: ApprovalSubject) => void = () => undefined;

  constructor(manager: SessionManager, { deadlineMs, mayParentAnswer = false, openCalls = new Set() }: DeskOptions) {
    this.#manager = manager;
    this.#deadlineMs = deadlineMs;
    this.#mayParentAnswer = mayParentAnswer;
    this.#answered = answeredIn(manager).filter(
      ({ subject, toolCallId }) => isLasting(subject) && openCalls.has(toolCallId),
    );
    for (const request of unsettledIn(manager)) {
      const isAskedStill = isLasting(request.subject) && openCalls.has(request.toolCallId);
      if (isAskedStill) this.#resumed.push({ request, settled: this.#wait(request) });
      else this.#record(request, { outcome: 'closed', reason: DIED });
    }
  }

  /** Questions that an earlier worker asked and that still wait. */
  get resumed(): readonly ResumedQuestion[] {
    return this.#resumed;
  }

  /** Answers that an earlier worker got, and that never reached the model. */
  get answered(): readonly SettledApproval[] {
    return this.#answered;
  }

  /** Asks the {@link resumed} again. Their deadlines run only from here on: nobody hears of an end before the question. */
  resume(): void {
    for (const { request } of this.#resumed) {
      this.#expireInTime(request);
      this.#listener?.requested(request);
    }
  }

  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Whether something waits for a person. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether the agent itself waits. It works on while people decide about a plugin or about servers. */
  get isAgentWaiting(): boolean {
    return [...this.#waiting.values()].some(({ request: { subject } }) => !holdsNothingUp(subject));
  }

  /** The policy holds for whatever is asked from now on. */
  followPolicy(policy: ApprovalPolicy): void {
    this.#deadlineMs = deadlineOf(policy);
    this.#mayParentAnswer = parentsMayAnswer(policy);
  }

  listen(listener: ApprovalListener): void {
    this.#listener = listener;
  }

  /**
   * Asks, and resolves with how it ended: by the first answer, the deadline, or the end of the turn.
   * @param onAsked told by which id it is answered
   * @throws ApprovalMalformedError, or when the turn is over already
   */
  async ask(
    subject: ApprovalSubject,
    toolCallId: string,
    signal: AbortSignal | undefined,
    onAsked: (approvalId: string) => void = () => undefined,
  ): Promise<SettledApproval> {
    signal?.throwIfAborted();
    const now = Date.now();
    const request: ApprovalRequest = {
      approvalId: IdPrefix.approval + v7(),
      toolCallId,
      askedAt: new Date(now).toISOString(),
      deadline: new Date(now + this.#deadlineMs).toISOString(),
      // What is asked about stays as it is, whatever becomes of the call's own object.
      subject: structuredClone(subject),
      ...(subject.kind === 'tool' && this.#mayParentAnswer && { mayParentAnswer: true }),
    };
    // The relay refuses what it cannot read, and with it all that the session says from then on.
    if (!Value.Check(ApprovalRequest, request)) throw new ApprovalMalformedError(subject.kind);
    const { approvalId } = request;
    this.#manager.appendCustomEntry(ApprovalEntry.requested, request);
    const settled = this.#wait(request);
    this.#expireInTime(request);
    const onAbort = (): void => unlessLost(() => this.#settle(approvalId, { outcome: 'closed', reason: ABORTED }));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#listener?.requested(request);
    this.onAsked(subject);
    onAsked(approvalId);
    try {
      return await settled;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * A person's answer, or a parent session's. The first counts; the same one again does nothing.
   * @throws ApprovalUnknownError, ApprovalSuspendedError, ApprovalAnsweredError, AnswerMissingError, ReservedForPeopleError
   */
  answer(approvalId: string, answer: ApprovalAnswer, by: ApprovalPerson): void {
    const before = this.#settled.get(approvalId);
    if (before) {
      if (isSameAnswer(before, answer, by)) return;
      throw new ApprovalAnsweredError(before);
    }
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) throw this.#notWaiting(approvalId);
    const { decision, scope, text } = answer;
    const isQuestion = waiting.request.subject.kind === 'question';
    if (by.sessionId !== undefined && !mayParentAnswer(waiting.request)) throw new ReservedForPeopleError();
    if (isQuestion && decision === 'allow' && (text ?? '').trim() === '') throw new AnswerMissingError();
    this.#settle(approvalId, {
      outcome: decision === 'allow' ? 'allowed' : 'denied',
      answeredBy: by,
      ...(scope !== undefined && { scope }),
      ...(text !== undefined && { text }),
    });
  }

  /** Somebody allowed for the session what this is about as well. Nothing, where it is settled by now. */
  allowAlso(approvalId: string, by: ApprovalPerson): void {
    if (this.#waiting.has(approvalId)) this.answer(approvalId, { decision: 'allow', scope: 'session' }, by);
  }

  /** A parent session cannot answer and leaves the question to people, who see that. @throws as {@link answer} */
  handUp(approvalId: string, by: HandingUp): void {
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) {
      const before = this.#settled.get(approvalId);
      throw before ? new ApprovalAnsweredError(before) : this.#notWaiting(approvalId);
    }
    if (waiting.request.handedUp?.sessionId === by.sessionId) return;
    waiting.request = { ...waiting.request, handedUp: { ...by, ts: new Date().toISOString() } };
    this.#manager.appendCustomEntry(ApprovalEntry.requested, waiting.request);
    this.#listener?.requested(waiting.request);
  }

  /** The turn of an earlier worker is broken off, and with it its questions. Those of a turn of this worker end by its signal. */
  abortResumed(): void {
    for (const { request } of this.#resumed) this.#settle(request.approvalId, { outcome: 'closed', reason: ABORTED });
  }

  /** Nobody can answer any more. @param reason a sentence */
  close(reason: string): void {
    for (const approvalId of [...this.#waiting.keys()]) this.#settle(approvalId, { outcome: 'closed', reason });
  }

  /**
   * As {@link close}, but the agent's own questions stay open in the file, and the next worker goes on waiting for them.
   * @param areAll every question does: nothing may be written any more
   */
  suspend(reason: string, areAll = false): void {
    for (const [approvalId, { request, settled }] of [...this.#waiting]) {
      if (!areAll && !isLasting(request.subject)) this.#settle(approvalId, { outcome: 'closed', reason });
      else if (this.#leave(approvalId)) {
        this.#suspended.add(approvalId);
        settled({ role: 'approval', ...request, outcome: 'closed', reason, settledAt: new Date().toISOString() });
      }
    }
  }

  #notWaiting(approvalId: string): Error {
    return this.#suspended.has(approvalId) ? new ApprovalSuspendedError() : new ApprovalUnknownError(approvalId);
  }

  #wait(request: ApprovalRequest): Promise<SettledApproval> {
    const { promise, resolve } = Promise.withResolvers<SettledApproval>();
    this.#waiting.set(request.approvalId, { request, settled: resolve });
    return promise;
  }

  #expireInTime({ approvalId, deadline }: ApprovalRequest): void {
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) return;
    const expire = (): void => unlessLost(() => this.#settle(approvalId, { outcome: 'expired' }));
    waiting.timer = setTimeout(expire, Math.max(0, Date.parse(deadline) - Date.now()));
  }

  #leave(approvalId: string): boolean {
    clearTimeout(this.#waiting.get(approvalId)?.timer);
    return this.#waiting.delete(approvalId);
  }

  #settle(approvalId: string, ending: Ending): void {
    const waiting = this.#waiting.get(approvalId);
    if (!waiting) return;
    const approval = this.#record(waiting.request, ending);
    this.#leave(approvalId);
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
