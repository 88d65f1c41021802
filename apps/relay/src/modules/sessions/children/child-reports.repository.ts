import { SessionStatus } from '@pizzapi/protocol';
import { In, IsNull, Not } from 'typeorm';
import type { Transaction } from '../../../platform/database/database.js';
import { SessionEntity } from '../session.entity.js';
import { ChildReportEntity } from './child-report.entity.js';

/** Does nothing if there is one with that id already. */
export async function insertReport(transaction: Transaction, row: ChildReportEntity): Promise<void> {
  await transaction.createQueryBuilder().insert().into(ChildReportEntity).values(row).orIgnore().execute();
}

/** The unanswered questions of open sessions to this parent, the oldest first. */
export async function openQuestionsTo(transaction: Transaction, parentSessionId: string): Promise<ChildReportEntity[]> {
  const asked = await transaction.find(ChildReportEntity, {
    where: { parentSessionId, approvalId: Not(IsNull()), settledAt: IsNull(), acceptedAt: Not(IsNull()) },
    order: { createdAt: 'ASC' },
  });
  const sessionId = In(asked.map((report) => report.sessionId));
  const status = In([SessionStatus.pending, SessionStatus.active]);
  const open = asked.length > 0 ? await transaction.findBy(SessionEntity, { sessionId, status }) : [];
  return asked.filter((report) => open.some((session) => session.sessionId === report.sessionId));
}

/** The question was answered or withdrawn, whichever parent it was put to. */
export async function settleQuestion(transaction: Transaction, sessionId: string, approvalId: string): Promise<void> {
  const open = { approvalId, sessionId, settledAt: IsNull() };
  await transaction.update(ChildReportEntity, open, { settledAt: new Date() });
}
