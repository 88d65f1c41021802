import { type SessionEvent, SessionEventCatalog } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';

const checks = new Map(Object.entries(SessionEventCatalog).map(([type, schema]) => [type, Compile(schema)]));

/**
 * Checks a worker's batch whole: every event fits its type, and the numbers follow one another. Null when it does not: nothing
 * of it may be taken.
 */
export function parseBatch(values: readonly unknown[]): SessionEvent[] | null {
  const events = values.filter(isEvent);
  const first = events[0]?.seq ?? 0;
  const isWhole =
    events.length === values.length &&
    events.every((event, index) => event.seq === first + index && checks.get(event.type)?.Check(event.data));
  return isWhole ? events : null;
}

/** Parses one stored event. Its data was checked when it was appended, so only the envelope is looked at again. */
export function parseStoredEvent(json: string): SessionEvent {
  const value: unknown = JSON.parse(json);
  if (!isEvent(value)) throw new Error('The event log holds something that is not a session event.');
  return value;
}

/** Parses a published batch: the events that one append added, in order. */
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
