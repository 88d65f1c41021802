import type { SessionEvent } from '@pizzapi/protocol';
import type { EntityManager } from 'typeorm';
import { changeSession, type SessionChange } from './change-session.js';
import type { SessionEntity } from './session.entity.js';
import { nextStatus } from './session-status.js';

/**
 * Applies what a run of a session's events says of its state to the row, in the projector's transaction.
 * @returns whether the row changed
 */
export async function applySessionState(manager: EntityManager, sessionId: string, events: readonly SessionEvent[]): Promise<boolean> {
  const result = await changeSession(manager, sessionId, (session) => stateAfter(session, events));
  return result?.isChanged ?? false;
}

/** The fields that these events change. Of earlier runs only lasting facts count: their activity and their end are past. */
export function stateAfter(
  session: Pick<SessionEntity, 'status' | 'startedAt' | 'spawnedSeq'>,
  events: readonly SessionEvent[],
): SessionChange {
  const change: SessionChange = {};
  let status = session.status;
  for (const event of events) {
    const isOfThisRun = event.seq > session.spawnedSeq;
    switch (event.type) {
      case 'model.changed':
        change.modelProvider = event.data.model.provider;
        change.modelId = event.data.model.id;
        break;
      case 'name.changed':
        change.name = event.data.name;
        break;
      case 'usage.changed':
        change.usage = event.data.usage;
        break;
      case 'turn.interrupted':
        change.isInterrupted = true;
        break;
      case 'activity.changed':
        if (event.data.activity === 'working') change.isInterrupted = false;
        if (isOfThisRun && status === 'active') change.activity = event.data.activity;
        break;
      case 'session.opened':
        // A worker that is started again after a crash begins idle, whatever the one before it last said.
        if (isOfThisRun) status = nextStatus(status, 'started', session.startedAt !== null) ?? status;
        if (isOfThisRun && status === 'active') Object.assign(change, { activity: 'idle', failure: null });
        if (session.startedAt === null) change.startedAt = new Date(event.ts);
        break;
      case 'session.closed':
        // "shutdown" comes back with its runner, "failed" is restarted or reported failed by it.
        if (event.data.reason === 'stopped' && isOfThisRun) status = nextStatus(status, 'ended', true) ?? status;
        if (isOfThisRun) change.activity = null;
        break;
      default:
    }
  }
  if (status !== session.status) change.status = status;
  return change;
}
