import type { Activity, SessionEvent } from '@pizzapi/protocol';
import type { EntityManager } from '../../platform/database/database.js';
import { changeSession, type SessionChange } from './change-session.js';
import type { SessionEntity } from './session.entity.js';
import { nextStatus } from './session-status.js';

/**
 * Updates a session's row by what its events say about its state, in the projector's transaction.
 * @param besides what the caller has derived from the same events
 * @returns whether the row changed
 */
export async function applySessionState(
  manager: EntityManager,
  sessionId: string,
  events: readonly SessionEvent[],
  besides: Pick<SessionChange, 'questions'>,
): Promise<boolean> {
  const result = await changeSession(manager, sessionId, (session) => ({ ...stateAfter(session, events), ...besides }));
  return result?.isChanged ?? false;
}

type Known = Pick<SessionEntity, 'status' | 'activity' | 'startedAt' | 'spawnedSeq' | 'firstTurnAt'>;

/** The fields that these events change. From earlier runs only lasting facts count, not their activity or their end. */
export function stateAfter(session: Known, events: readonly SessionEvent[]): SessionChange {
  const change: SessionChange = {};
  for (const event of events) {
    Object.assign(change, lastingFacts(event));
    if (event.seq > session.spawnedSeq) Object.assign(change, factsOfThisRun({ ...session, ...change }, event));
  }
  return change;
}

function lastingFacts(event: SessionEvent): SessionChange {
  switch (event.type) {
    case 'model.changed':
      return { modelProvider: event.data.model.provider, modelId: event.data.model.id };
    case 'name.changed':
      return { name: event.data.name };
    case 'usage.changed':
      return { usage: event.data.usage };
    case 'sandbox.changed':
      return { sandbox: event.data };
    case 'turn.interrupted':
      return { isInterrupted: true };
    case 'activity.changed':
      return event.data.activity === 'working' ? { isInterrupted: false } : {};
    default:
      return {};
  }
}

function factsOfThisRun(session: Known, event: SessionEvent): SessionChange {
  const { status, startedAt } = session;
  switch (event.type) {
    case 'activity.changed':
      return status === 'active'
        ? { activity: event.data.activity, ...(isAtRest(event.data.activity) ? firstTurnEnded(session, event) : {}) }
        : {};
    case 'turn.interrupted':
      // It waits for a person, who may take long; its listener's other sessions need not wait for that.
      return session.firstTurnAt === null ? { firstTurnAt: new Date(event.ts) } : {};
    case 'session.opened':
      // After a crash a new worker begins idle, whatever the one before it reported last.
      return nextStatus(status, 'started', startedAt !== null) === null
        ? {}
        : { status: 'active', activity: 'idle', failure: null, startedAt: startedAt ?? new Date(event.ts) };
    case 'session.closed':
      if (event.data.reason === 'paused') return status === 'active' ? { activity: 'paused' } : {};
      // After "shutdown" the session comes back with its runner; after "failed" the runner restarts it, or reports that it failed.
      return event.data.reason === 'stopped' && nextStatus(status, 'ended', true) !== null
        ? { status: 'ended', activity: null }
        : { activity: null };
    default:
      return {};
  }
}

function isAtRest(activity: Activity): boolean {
  return activity === 'idle' || activity === 'paused';
}

function firstTurnEnded({ activity, firstTurnAt }: Known, { ts }: SessionEvent): SessionChange {
  const hasWorked = activity !== null && !isAtRest(activity);
  return hasWorked && firstTurnAt === null ? { firstTurnAt: new Date(ts) } : {};
}
