import { createHash } from 'node:crypto';
import { invalid, type ProblemError } from './problem.error.js';

const TAG_LENGTH = 10;

/** Names a place in one list as a cursor that no other list takes. Opaque to callers. */
export function encodeListCursor(list: string, place: string): string {
  return tagOf(list) + Buffer.from(place).toString('base64url');
}

/**
 * The place that a cursor names.
 * @throws ProblemError `invalid_request` when it is another list's, or not one at all
 */
export function decodeListCursor(list: string, cursor: string): string {
  const place = Buffer.from(cursor.slice(TAG_LENGTH), 'base64url').toString();
  if (encodeListCursor(list, place) !== cursor) throw foreignCursor();
  return place;
}

export function foreignCursor(): ProblemError {
  return invalid('cursor', 'take it from "nextCursor" of the page before, with the same query, or leave it out');
}

function tagOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, TAG_LENGTH);
}
