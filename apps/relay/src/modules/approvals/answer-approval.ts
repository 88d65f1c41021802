import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  type AgentCommand,
  type ApprovalAnswer,
  ApprovalId,
  type ApprovalPerson,
  describeSettlement,
  isSameAnswer,
  mayParentAnswer,
  ProblemCode,
} from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { conflict, notFound, ProblemError } from '../../platform/http/problem.error.js';
import type { Caller } from '../auth/index.js';
import { AskWorker, SessionAccess, type SessionEntity } from '../sessions/index.js';
import { requestOf } from './approval-view.js';
import type { ApprovalEntity } from './approval.entity.js';
import { ApprovalRepository } from './approval.repository.js';

const idCheck = Compile(ApprovalId);
/** How long the projector may take to store a question that viewers already see. */
const PROJECTED_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 50;
/** How long a worker may be disconnected while its relay restarts or it moves to another replica. */
const BACK_WITHIN_MS = 5_000;
const TRY_EVERY_MS = 250;

/** Sends an answer to the worker that waits for it. */
@Injectable()
export class AnswerApproval {
  constructor(
    private readonly approvals: ApprovalRepository,
    private readonly sessions: SessionAccess,
    private readonly worker: AskWorker,
  ) {}

  /**
   * Resolves once the worker has accepted the answer. May be repeated with the same answer.
   * @throws ProblemError `not_found`, `approval_answered`, or a refusal of {@link AskWorker} or the worker
   */
  async run({ userId, name }: Caller, approvalId: string, answer: ApprovalAnswer): Promise<void> {
    await this.by({ userId, name }, approvalId, answer);
  }

  /** As {@link run}, but for people and for agents of parent sessions. @throws ProblemError also `reserved_for_people` */
  async by(person: ApprovalPerson, approvalId: string, answer: ApprovalAnswer): Promise<void> {
    const approval = await this.find(approvalId);
    const session = approval && (await this.sessions.find(approval.sessionId, person));
    if (!session) throw notFound('approval');
    // The worker refuses it as well, but an older version may not.
    if (person.sessionId !== undefined && !mayParentAnswer(requestOf(approval))) throw reserved();
    const { outcome, settlement } = approval;
    if (outcome !== null && settlement !== null) {
      const settled = { outcome, ...settlement };
      if (isSameAnswer(settled, answer, person)) return;
      throw conflict(ProblemCode.approvalAnswered, describeSettlement(settled));
    }
    await this.tell(session, { command: 'answer-approval', approvalId, answer, by: person });
  }

  /** Passes a question from a parent session on to people. May be repeated. */
  async handUp(session: SessionEntity, command: Extract<AgentCommand, { command: 'hand-up-approval' }>): Promise<void> {
    await this.tell(session, command);
  }

  /** May be repeated: the worker ignores an answer that it has already. */
  private async tell(session: SessionEntity, command: AgentCommand): Promise<void> {
    for (const end = performance.now() + BACK_WITHIN_MS; ; await pause(TRY_EVERY_MS)) {
      try {
        return await this.worker.run(session, command);
      } catch (error) {
        const isAway = error instanceof ProblemError && error.code === ProblemCode.sessionDisconnected;
        if (!isAway || performance.now() > end) throw error;
      }
    }
  }

  private async find(approvalId: string): Promise<ApprovalEntity | null> {
    if (!idCheck.Check(approvalId)) return null;
    for (const end = performance.now() + PROJECTED_WITHIN_MS; ; await pause(LOOK_EVERY_MS)) {
      const approval = await this.approvals.find(approvalId);
      if (approval || performance.now() > end) return approval;
    }
  }
}

function reserved(): ProblemError {
  return new ProblemError(
    403,
    ProblemCode.reservedForPeople,
    'This is asked of people, so a person has to answer. Hand it up with escalate_trigger, with what the person should know.',
  );
}
