import { noteForCommit } from '../../platform/database/commit-notes.js';
import type { EntityManager } from '../../platform/database/database.js';
import { reportEnd } from './children/report-end.js';
import { searchTextOf } from './search-text.js';
import { isOpen } from './session-status.js';
import { SessionEntity } from './session.entity.js';

/** A topic for `noteForCommit`, with runner ids as keys: one of the runner's sessions was opened, ended or removed. */
export const OPEN_SESSIONS_CHANGED = 'open-sessions-changed';

/** The fields that a change may touch. */
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
 * The only way to change a session's row. Reads the row, locked where other replicas could change it, asks what to change, and writes only
 * that, together with the search text. Where nothing changes, nothing is written.
 * @param decide is given the present row; may throw to refuse the change
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

/** A session that is over is no longer being stopped. */
function withItsEnd(change: SessionChange | null): SessionChange | null {
  return change?.status === undefined || isOpen(change.status) ? change : { ...change, isStopping: false };
}

function differs(session: SessionEntity, change: SessionChange): boolean {
  const now: Record<string, unknown> = { ...session };
  return Object.entries(change).some(([field, value]) => JSON.stringify(now[field]) !== JSON.stringify(value));
}
