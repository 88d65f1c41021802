import type { SessionEventData, SessionEventType } from '@pizzapi/protocol';

type EventByType = { [T in SessionEventType]: { type: T; ts: string; data: SessionEventData<T> } };

/** Makes one event, not yet numbered, with the time of now. */
export function sessionEvent<T extends SessionEventType>(type: T, data: SessionEventData<T>): EventByType[T] {
  return { type, ts: new Date().toISOString(), data };
}
