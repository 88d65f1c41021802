import { outputBytes, outputTexts } from '@pizzapi/agent';
import type { SessionEventData, UnnumberedSessionEvent } from '@pizzapi/protocol';
import { estimateEventBytes } from './event-size.js';

/** An event travels in one message, and the relay takes at most 24 MiB. A larger one would never be accepted, and would hold up everything behind it. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
/** How much of a text that is too long is kept. */
const KEPT_CHARACTERS = 64 * 1024;
const KEPT_ITEMS = 100;
const MAX_DEPTH = 12;

/** The event as it is, or, where no relay would take it, a shortened one that says what it leaves out. The session's file has all of it. */
export function fitEvent(event: UnnumberedSessionEvent): UnnumberedSessionEvent {
  if (event.type !== 'entry.appended' || estimateEventBytes(event) <= MAX_EVENT_BYTES) return event;
  const { role, timestamp } = fieldsOf(event.data.content);
  const withContent = (content: unknown): UnnumberedSessionEvent => ({
    ...event,
    data: { ...event.data, content, ...sizeOfCut(event.data, content) },
  });
  const shortened = withContent(shorten(event.data.content, 0));
  if (estimateEventBytes(shortened) <= MAX_EVENT_BYTES) return shortened;
  return withContent({ role, timestamp, content: [{ type: 'text', text: '[too large to be shown]' }] });
}

/** How long a tool's output is, where not all of it is left. */
function sizeOfCut(before: SessionEventData<'entry.appended'>, after: unknown): { outputBytes?: number } {
  if (before.kind !== 'tool' || before.outputBytes !== undefined) return {};
  const left = outputTexts(after);
  if (outputTexts(before.content).every((text) => left.includes(text))) return {};
  return { outputBytes: outputBytes(before.content) };
}

function shorten(value: unknown, depth: number): unknown {
  if (typeof value === 'string')
    return value.length <= KEPT_CHARACTERS ? value : `${value.slice(0, KEPT_CHARACTERS)}\n[cut: it is longer]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[left out]';
  if (Array.isArray(value)) return value.slice(0, KEPT_ITEMS).map((item) => shorten(item, depth + 1));
  const { type, mimeType, data } = fieldsOf(value);
  // Half an image is of no use.
  if (type === 'image' && typeof data === 'string' && data.length > KEPT_CHARACTERS)
    return { type: 'text', text: `[image, ${String(mimeType)}, left out: all in all it is too large to be shown]` };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shorten(field, depth + 1)]));
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
