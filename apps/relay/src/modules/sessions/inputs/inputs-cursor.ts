import { decodeListCursor, encodeListCursor, foreignCursor } from '../../../platform/http/list-cursor.js';

/** Where a page of waiting inputs ended: at an input of the worker's own queue, or at a place in the relay's inbox. */
export type InputsCursor = { place: 'queue'; inputId: string } | { place: 'inbox'; after: string };

const PLACE = /^(?:queue\.([\w-]{1,100})|inbox\.(\d{1,20}-\d{1,20}))$/;

export function encodeCursor(sessionId: string, cursor: InputsCursor): string {
  const place = cursor.place === 'queue' ? `queue.${cursor.inputId}` : `inbox.${cursor.after}`;
  return encodeListCursor(listOf(sessionId), place);
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make for this session */
export function decodeCursor(sessionId: string, text: string): InputsCursor {
  const [, inputId, after] = PLACE.exec(decodeListCursor(listOf(sessionId), text)) ?? [];
  if (inputId !== undefined) return { place: 'queue', inputId };
  if (after !== undefined) return { place: 'inbox', after };
  throw foreignCursor();
}

function listOf(sessionId: string): string {
  return `inputs ${sessionId}`;
}
