import { type SessionEvent, SessionEventCatalog } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';

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

/**
 * Parses a stored event; null when it is damaged. Only the envelope is checked, because the data was checked before it was appended, perhaps
 * by a newer relay that knows more types: those are left to whoever knows them.
 */
export function parseStoredEvent(json: string): SessionEvent | null {
  const value = parseJson(json);
  return isEvent(value) ? value : null;
}

/** Parses a published batch: the events of one append, in order; null when it is damaged. */
export function parsePublishedEvents(json: string): SessionEvent[] | null {
  const value = parseJson(json);
  return Array.isArray(value) && value.every(isEvent) ? value : null;
}

function isEvent(value: unknown): value is SessionEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'seq' in value &&
    Number.isSafeInteger(value.seq) &&
    'type' in value &&
    typeof value.type === 'string' &&
    'ts' in value &&
    typeof value.ts === 'string' &&
    'data' in value &&
    typeof value.data === 'object' &&
    value.data !== null
  );
}
