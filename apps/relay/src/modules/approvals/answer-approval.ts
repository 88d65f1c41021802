import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type ApprovalAnswer, describeSettlement, isSameAnswer, ProblemCode } from '@pizzapi/protocol';
import { conflict, notFound } from '../../platform/http/problem.error.js';
import type { Caller } from '../auth/index.js';
import { AskWorker, SessionAccess } from '../sessions/index.js';
import type { ApprovalEntity } from './approval.entity.js';
import { ApprovalRepository } from './approval.repository.js';

/** Viewers see a question a moment before the projector has written it down. */
const PROJECTED_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** Takes a person's answer to the worker that waits for it. */
@Injectable()
export class AnswerApproval {
  constructor(
    private readonly approvals: ApprovalRepository,
    private readonly sessions: SessionAccess,
    private readonly worker: AskWorker,
  ) {}

  /**
   * Done when the worker has taken it; the same answer again is done, too.
   * @throws ProblemError `not_found`, `approval_answered`, or what {@link AskWorker} and the worker refuse with
   */
  async run(caller: Caller, approvalId: string, answer: ApprovalAnswer): Promise<void> {
    const approval = await this.find(approvalId);
    const session = approval && (await this.sessions.find(approval.sessionId, caller));
    if (!session) throw notFound('approval');
    const { outcome, settlement } = approval;
    if (outcome !== null && settlement !== null) {
      const settled = { outcome, ...settlement };
      if (isSameAnswer(settled, answer, caller.userId)) return;
      throw conflict(ProblemCode.approvalAnswered, describeSettlement(settled));
    }
    const { userId, name } = caller;
    await this.worker.run(session, { command: 'answer-approval', approvalId, answer, by: { userId, name } });
  }

  private async find(approvalId: string): Promise<ApprovalEntity | null> {
    for (const end = performance.now() + PROJECTED_WITHIN_MS; ; await pause(LOOK_EVERY_MS)) {
      const approval = await this.approvals.find(approvalId);
      if (approval || performance.now() > end) return approval;
    }
  }
}
