import type { Activity, SessionEvent } from '@pizzapi/protocol';
import type { EntityManager } from '../../platform/database/database.js';
import { changeSession, type SessionChange } from './change-session.js';
import type { SessionEntity } from './session.entity.js';
import { nextStatus } from './session-status.js';

/**
 * Applies what a run of a session's events says of its state to the row, in the projector's transaction.
 * @param besides what others have found out from these events
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

/** The fields that these events change. Of earlier runs only lasting facts count: their activity and their end are past. */
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
      // It waits for a person, who may be long: others need not.
      return session.firstTurnAt === null ? { firstTurnAt: new Date(event.ts) } : {};
    case 'session.opened':
      // A worker that is started again after a crash begins idle, whatever the one before it last said.
      return nextStatus(status, 'started', startedAt !== null) === null
        ? {}
        : { status: 'active', activity: 'idle', failure: null, startedAt: startedAt ?? new Date(event.ts) };
    case 'session.closed':
      if (event.data.reason === 'paused') return status === 'active' ? { activity: 'paused' } : {};
      // "shutdown" comes back with its runner, "failed" is restarted or reported failed by it.
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
