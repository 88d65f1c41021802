import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { conflict, invalid, notFound } from '../../platform/http/problem.error.js';
import { AnswerApproval } from '../approvals/index.js';
import { TriggerResponses } from '../deliveries/index.js';
import { type ChildReportEntity, isOpen, noteReport, SessionAccess, type SessionEntity } from '../sessions/index.js';
import { ChildReportRepository } from './child-report.repository.js';

/** A session's agent hands a child's question up: to its own parent, or to people where it has none that could answer. */
@Injectable()
export class EscalateTrigger {
  constructor(
    private readonly reports: ChildReportRepository,
    private readonly sessions: SessionAccess,
    private readonly answerApproval: AnswerApproval,
    private readonly responses: TriggerResponses,
  ) {}

  /** May be repeated. @throws ProblemError `not_found`, `invalid_request`, `approval_answered`, or what the child's worker refuses with */
  async run(session: SessionEntity, triggerId: string, reason: string | undefined): Promise<'parent' | 'people'> {
    const report = await this.reports.find(triggerId);
    if (report?.parentSessionId !== session.sessionId) throw notFound("question of this session's children");
    const { approvalId } = report;
    if (approvalId === null)
      throw invalid('triggerId', 'is a trigger that asks nothing; only a question can be handed up');
    if (report.settledAt)
      throw conflict(ProblemCode.approvalAnswered, 'This was answered already, or is not asked any more.');
    const grandparent = await this.openParentOf(session);
    if (grandparent) await this.tell(grandparent, session, report, approvalId, reason);
    else await this.askPeople(session, report, approvalId, reason);
    await this.responses.put(session.sessionId, triggerId, {
      action: 'escalate',
      ...(reason !== undefined && { text: reason }),
      ts: new Date().toISOString(),
    });
    return grandparent ? 'parent' : 'people';
  }

  private async openParentOf({ parentSessionId, ownerId }: SessionEntity): Promise<SessionEntity | null> {
    if (parentSessionId === null) return null;
    const parent = await this.sessions.find(parentSessionId, { userId: ownerId });
    return parent && isOpen(parent.status) ? parent : null;
  }

  private async tell(
    { sessionId: parentSessionId }: SessionEntity,
    { sessionId: by, name }: SessionEntity,
    { sessionId, type, payload, summary }: ChildReportEntity,
    approvalId: string,
    reason: string | undefined,
  ): Promise<void> {
    const asked: unknown = JSON.parse(payload);
    const handedUpBy = { sessionId: by, name, ...(reason !== undefined && { reason }) };
    const handed = { ...(typeof asked === 'object' ? asked : {}), handedUpBy };
    const report = {
      fact: approvalId,
      sessionId,
      parentSessionId,
      type,
      payload: handed,
      summary,
      approvalId,
      ordinal: 0,
    };
    await this.reports.write((transaction) => noteReport(transaction, report));
  }

  private async askPeople(
    { sessionId: by, name, ownerId }: SessionEntity,
    { sessionId }: ChildReportEntity,
    approvalId: string,
    reason: string | undefined,
  ): Promise<void> {
    const child = await this.sessions.require(sessionId, { userId: ownerId });
    await this.answerApproval.handUp(child, {
      command: 'hand-up-approval',
      approvalId,
      by: { sessionId: by, name },
      ...(reason !== undefined && { reason }),
    });
  }
}
