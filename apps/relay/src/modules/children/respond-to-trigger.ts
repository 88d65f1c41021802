import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/http/problem.error.js';
import { AnswerApproval } from '../approvals/index.js';
import { TriggerHistory, TriggerResponses } from '../deliveries/index.js';
import type { ChildReportEntity, SessionEntity } from '../sessions/index.js';
import { ChildReportRepository } from './child-report.repository.js';
import { answerIn } from './response-to-child.js';

export interface Response {
  triggerId: string;
  action?: string;
  text?: string;
}

/** A session's agent answers a trigger. Where a child waits for it, the child's worker gets the answer first, because it may come too late. */
@Injectable()
export class RespondToTrigger {
  constructor(
    private readonly reports: ChildReportRepository,
    private readonly answerApproval: AnswerApproval,
    private readonly history: TriggerHistory,
    private readonly responses: TriggerResponses,
  ) {}

  /**
   * May be repeated.
   * @throws ProblemError `not_found`, `invalid_request`, `reserved_for_people`, `approval_answered`, or what the child's worker refuses with
   */
  async run(session: SessionEntity, { triggerId, action, text }: Response): Promise<void> {
    const response = { ...(isSaid(action) && { action }), ...(isSaid(text) && { text }) };
    const report = await this.reports.find(triggerId);
    if (report?.parentSessionId === session.sessionId) await this.answer(session, report, response);
    else if (!(await this.hasReceived(session, triggerId)))
      throw notFound(
        'trigger in the history of this session, which keeps the last 200 for a day, until somebody clears it',
      );
    // The last response counts: one without a word would only take the one before away.
    if (Object.keys(response).length === 0)
      throw invalid('text', 'is empty; say what you did or decided in "text", or in one word in "action"');
    await this.responses.put(session.sessionId, triggerId, { ...response, ts: new Date().toISOString() });
  }

  private async answer(
    { sessionId, ownerId, name }: SessionEntity,
    { type, approvalId }: ChildReportEntity,
    response: Omit<Response, 'triggerId'>,
  ): Promise<void> {
    if (approvalId === null) return;
    await this.answerApproval.by({ userId: ownerId, name, sessionId }, approvalId, answerIn(type, response));
  }

  private async hasReceived({ sessionId }: SessionEntity, triggerId: string): Promise<boolean> {
    const history = await this.history.list(sessionId);
    return history.some((entry) => entry.triggerId === triggerId && entry.direction === 'inbound');
  }
}

function isSaid(words: string | undefined): words is string {
  return words !== undefined && words.trim() !== '';
}
