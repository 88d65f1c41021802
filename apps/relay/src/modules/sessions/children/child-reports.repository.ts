import { SessionStatus } from '@pizzapi/protocol';
import { In, IsNull, Not } from 'typeorm';
import type { Transaction } from '../../../platform/database/database.js';
import { SessionEntity } from '../session.entity.js';
import { ChildReportEntity } from './child-report.entity.js';

/** One of that id that is there already stays as it is. */
export async function insertReport(transaction: Transaction, row: ChildReportEntity): Promise<void> {
  await transaction.createQueryBuilder().insert().into(ChildReportEntity).values(row).orIgnore().execute();
}

/** What sessions that are open asked of this parent and wait for, the oldest first. */
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

/** It was answered, or is not asked any more: of whomever it was asked. */
export async function settleQuestion(transaction: Transaction, sessionId: string, approvalId: string): Promise<void> {
  const open = { approvalId, sessionId, settledAt: IsNull() };
  await transaction.update(ChildReportEntity, open, { settledAt: new Date() });
}
