import { invalid } from '../../../platform/http/problem.error.js';

/** Where a page of waiting inputs ended: at an input of the worker's own queue, or at a place in the relay's inbox. */
export type InputsCursor = { place: 'queue'; inputId: string } | { place: 'inbox'; after: string };

const CURSOR = /^(?:queue\.([\w-]{1,100})|inbox\.(\d{1,20}-\d{1,20}))$/;

export function encodeCursor(cursor: InputsCursor): string {
  return cursor.place === 'queue' ? `queue.${cursor.inputId}` : `inbox.${cursor.after}`;
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): InputsCursor {
  const [, inputId, after] = CURSOR.exec(text) ?? [];
  if (inputId !== undefined) return { place: 'queue', inputId };
  if (after !== undefined) return { place: 'inbox', after };
  throw invalid('cursor', 'take it from "nextCursor" of the page before, or leave it out');
}
