import { IsNull, Not } from 'typeorm';
import type { Transaction } from '../../../platform/database/database.js';
import { ChildReportEntity } from './child-report.entity.js';

/** One of that id that is there already stays as it is. */
export async function insertReport(transaction: Transaction, row: ChildReportEntity): Promise<void> {
  await transaction.createQueryBuilder().insert().into(ChildReportEntity).values(row).orIgnore().execute();
}

/** What was asked of this parent and waits for its answer, the oldest first. */
export function openQuestionsTo(transaction: Transaction, parentSessionId: string): Promise<ChildReportEntity[]> {
  return transaction.find(ChildReportEntity, {
    where: { parentSessionId, approvalId: Not(IsNull()), settledAt: IsNull(), acceptedAt: Not(IsNull()) },
    order: { createdAt: 'ASC' },
  });
}

/** It was answered, or is not asked any more: of whomever it was asked. */
export async function settleQuestion(transaction: Transaction, sessionId: string, approvalId: string): Promise<void> {
  const open = { approvalId, sessionId, settledAt: IsNull() };
  await transaction.update(ChildReportEntity, open, { settledAt: new Date() });
}
