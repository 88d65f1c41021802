import { decodeListCursor, encodeListCursor, foreignCursor } from '../../../platform/http/list-cursor.js';

/** Where a delivery waits. The list begins with those nearest to the session: `apart` means in a job of its own, after a failed fan-out. */
export type WaitingPlace = 'inbox' | 'bus' | 'apart';

/** Where a page of the list ended: in which place, and after which stream id or (`apart`) which delivery id. */
export interface WaitingCursor {
  place: WaitingPlace;
  after: string;
}

/** Where the first page begins. `0-0` comes before all stream ids. */
export const START: WaitingCursor = { place: 'inbox', after: '0-0' };

const PLACE = /^(?:(inbox|bus)\.(\d{1,20}-\d{1,20})|apart\.([\w-]{1,100}))$/;

export function encodeCursor(sessionId: string, { place, after }: WaitingCursor): string {
  return encodeListCursor(listOf(sessionId), `${place}.${after}`);
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make for this session */
export function decodeCursor(sessionId: string, cursor: string): WaitingCursor {
  const [, stream, id, deliveryId] = PLACE.exec(decodeListCursor(listOf(sessionId), cursor)) ?? [];
  if ((stream === 'inbox' || stream === 'bus') && id !== undefined) return { place: stream, after: id };
  if (deliveryId !== undefined) return { place: 'apart', after: deliveryId };
  throw foreignCursor();
}

function listOf(sessionId: string): string {
  return `waiting triggers ${sessionId}`;
}
