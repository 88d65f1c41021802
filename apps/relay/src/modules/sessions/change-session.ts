import { noteForCommit } from '../../platform/database/commit-notes.js';
import type { EntityManager } from '../../platform/database/database.js';
import { reportEnd } from './children/report-end.js';
import { searchTextOf } from './search-text.js';
import { isOpen } from './session-status.js';
import { SessionEntity } from './session.entity.js';

/** The topic of a note for the commit (`Database.whenCommitted`), by runner: one of its sessions opened, ended, or was removed. */
export const OPEN_SESSIONS_CHANGED = 'open-sessions-changed';

/** What a change may touch; keys, owner and times are not its business. */
export type SessionChange = Partial<
  Pick<
    SessionEntity,
    | 'name'
    | 'cwd'
    | 'modelProvider'
    | 'modelId'
    | 'status'
    | 'activity'
    | 'failure'
    | 'usage'
    | 'sandbox'
    | 'questions'
    | 'isPinned'
    | 'isInterrupted'
    | 'isStopping'
    | 'startedAt'
    | 'spawnedSeq'
    | 'isHeld'
    | 'waitsSince'
    | 'firstTurnAt'
    | 'isMissedRun'
  >
>;

/**
 * The one way to change a session's row: reads it (locked, where several replicas could meet), asks what to change, and writes only
 * that, with the search text to match. Nothing to change leaves the row alone.
 * @param decide Gets the row as it is; may throw to refuse.
 * @returns the row as it is now and whether it changed, or null when there is no such session
 */
export async function changeSession(
  manager: EntityManager,
  sessionId: string,
  decide: (session: SessionEntity) => SessionChange | null,
): Promise<{ session: SessionEntity; isChanged: boolean } | null> {
  const isShared = manager.connection.options.type === 'postgres';
  const session = await manager.findOne(SessionEntity, {
    where: { sessionId },
    ...(isShared ? { lock: { mode: 'pessimistic_write' } as const } : {}),
  });
  if (!session) return null;
  const change = withItsEnd(decide(session));
  if (change === null || !differs(session, change)) return { session, isChanged: false };
  const isOnlyPin = Object.keys(change).every((field) => field === 'isPinned');
  const wasOpen = isOpen(session.status);
  Object.assign(session, change);
  if (isOpen(session.status) !== wasOpen) noteForCommit(manager, OPEN_SESSIONS_CHANGED, session.runnerId);
  if (wasOpen && !isOpen(session.status)) await reportEnd(manager, session);
  const derived = { searchText: searchTextOf(session), ...(isOnlyPin ? {} : { updatedAt: new Date() }) };
  Object.assign(session, derived);
  await manager.update(SessionEntity, { sessionId }, { ...change, ...derived });
  return { session, isChanged: true };
}

/** One that is over is not being stopped any more. */
function withItsEnd(change: SessionChange | null): SessionChange | null {
  return change?.status === undefined || isOpen(change.status) ? change : { ...change, isStopping: false };
}

function differs(session: SessionEntity, change: SessionChange): boolean {
  const now: Record<string, unknown> = { ...session };
  return Object.entries(change).some(([field, value]) => JSON.stringify(now[field]) !== JSON.stringify(value));
}
