import { ChildTrigger, SessionStatus } from '@pizzapi/protocol';
import type { Transaction } from '../../../platform/database/database.js';
import type { SessionEntity } from '../session.entity.js';
import { type NewReport, noteReport } from './note-report.js';

type Ending = Pick<SessionEntity, 'sessionId' | 'parentSessionId' | 'name' | 'status' | 'failure' | 'spawnedSeq'>;

/** Sorts after everything else that was recorded at the same time. */
const LAST = 2 ** 31 - 1;

const WORDS: Partial<Record<SessionStatus | 'deleted', string>> = {
  ended: 'was stopped',
  cancelled: 'was taken back before it ran',
  deleted: 'was deleted',
};

/** Tells the parent that a child is over. @param how `deleted`: its row is about to be removed */
export async function reportEnd(
  transaction: Transaction,
  session: Ending,
  how: SessionStatus | 'deleted' = session.status,
): Promise<void> {
  const report = endReport(session, how);
  if (report) await noteReport(transaction, report);
}

/** The parent is ending the child itself, and need not be told. */
export async function noteKnownEnd(transaction: Transaction, session: Ending): Promise<void> {
  const fates =
    session.status === SessionStatus.pending ? [SessionStatus.ended, SessionStatus.cancelled] : [SessionStatus.ended];
  for (const fate of fates) {
    const report = endReport(session, fate);
    if (report) await noteReport(transaction, { ...report, isKnown: true });
  }
}

function endReport(session: Ending, how: SessionStatus | 'deleted'): NewReport | null {
  const { sessionId, parentSessionId, name, failure, spawnedSeq } = session;
  if (parentSessionId === null) return null;
  const common = { fact: `${how} ${spawnedSeq}`, sessionId, parentSessionId, ordinal: LAST };
  if (how === SessionStatus.failed) {
    const { code, detail } = failure ?? { code: 'internal_error', detail: 'It is not known why.' };
    const payload = { sessionId, name, code, detail };
    return { ...common, type: ChildTrigger.failed, payload, summary: `${name} failed: ${detail}` };
  }
  const payload = { sessionId, name, status: how };
  return { ...common, type: ChildTrigger.ended, payload, summary: `${name} ${WORDS[how] ?? `is ${how}`}` };
}
