/** An entry of a Redis stream: its id and its fields as a flat list of names and values. */
export interface StreamEntry {
  id: string;
  fields: string[];
}

/** Parses the reply of `XRANGE` and the inner list of the other stream reads; skips entries that were deleted meanwhile. */
export function readEntries(reply: unknown): StreamEntry[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((item: unknown) => {
    if (!Array.isArray(item)) return [];
    const [id, fields] = item as unknown[];
    return typeof id === 'string' && isTexts(fields) ? [{ id, fields }] : [];
  });
}

/** Parses the reply of `XREAD`/`XREADGROUP` on a single stream; null (nothing came) is an empty list. */
export function readGroupReply(reply: unknown): StreamEntry[] {
  const stream: unknown = Array.isArray(reply) ? reply[0] : undefined;
  return readEntries(Array.isArray(stream) ? stream[1] : undefined);
}

/** Parses the reply of `XAUTOCLAIM`: a page of entries, and where the next page begins (`0-0`: there is none). */
export function readAutoclaim(reply: unknown): { entries: StreamEntry[]; next: string } {
  const [next, entries] = Array.isArray(reply) ? (reply as unknown[]) : [];
  return { entries: readEntries(entries), next: typeof next === 'string' ? next : '0-0' };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
