import type { SessionEventData, SessionEventType } from '@pizzapi/protocol';

/** Makes one event, not yet numbered, with the time of now. */
export function sessionEvent<T extends SessionEventType>(
  type: T,
  data: SessionEventData<T>,
): { type: T; ts: string; data: SessionEventData<T> } {
  return { type, ts: new Date().toISOString(), data };
}
