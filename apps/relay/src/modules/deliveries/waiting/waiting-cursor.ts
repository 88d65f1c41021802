import { invalid } from '../../../platform/http/problem.error.js';

/** Where a delivery waits, in the order of its way backwards: what is nearer to the session comes first in the list. */
export type WaitingPlace = 'inbox' | 'bus' | 'apart';

/** Where a page of the list ended: in which place, and at which stream id there, or which delivery. */
export interface WaitingCursor {
  place: WaitingPlace;
  after: string;
}

/** A stream id that is before all others. */
export const START: WaitingCursor = { place: 'inbox', after: '0-0' };

const CURSOR = /^(?:(inbox|bus)\.(\d{1,20}-\d{1,20})|apart\.([\w-]{1,100}))$/;

export function encodeCursor({ place, after }: WaitingCursor): string {
  return `${place}.${after}`;
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): WaitingCursor {
  const [, stream, id, deliveryId] = CURSOR.exec(text) ?? [];
  if ((stream === 'inbox' || stream === 'bus') && id !== undefined) return { place: stream, after: id };
  if (deliveryId !== undefined) return { place: 'apart', after: deliveryId };
  throw invalid('cursor', 'take it from "nextCursor" of the page before, or leave it out');
}
