import { type SessionEvent, SessionEventCatalog } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';

const checks = new Map(Object.entries(SessionEventCatalog).map(([type, schema]) => [type, Compile(schema)]));

/**
 * Checks a worker's batch: every event must fit its type, and the numbers must be consecutive. Null if they do not; then none of it may be used.
 */
export function parseBatch(values: readonly unknown[]): SessionEvent[] | null {
  const events = values.filter(isEvent);
  const first = events[0]?.seq ?? 0;
  const isWhole =
    events.length === values.length &&
    events.every((event, index) => event.seq === first + index && checks.get(event.type)?.Check(event.data));
  return isWhole ? events : null;
}

/** Parses a stored event. Only the envelope is checked, because the data was checked before it was appended. @throws Error when it is damaged */
export function parseStoredEvent(json: string): SessionEvent {
  const value: unknown = JSON.parse(json);
  if (!isEvent(value)) throw new Error('The event log holds something that is not a session event.');
  return value;
}

/** Parses a published batch: the events of one append, in order. @throws Error when it is damaged */
export function parsePublishedEvents(json: string): SessionEvent[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value) || !value.every(isEvent))
    throw new Error('The live channel carried something that is not a batch of events.');
  return value;
}

function isEvent(value: unknown): value is SessionEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'seq' in value &&
    Number.isSafeInteger(value.seq) &&
    'type' in value &&
    typeof value.type === 'string' &&
    checks.has(value.type) &&
    'data' in value
  );
}
