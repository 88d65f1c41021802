import { decodeListCursor, encodeListCursor, foreignCursor } from '../../platform/http/list-cursor.js';

const LIST = 'dead letters';

/** Where a page of the list ended: the latest death first, then by id. */
export interface DeadLetterCursor {
  diedAt: string;
  deliveryId: string;
}

export function encodeCursor({ diedAt, deliveryId }: { diedAt: Date; deliveryId: string }): string {
  return encodeListCursor(LIST, `${diedAt.toISOString()} ${deliveryId}`);
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): DeadLetterCursor {
  const [diedAt = '', deliveryId = ''] = decodeListCursor(LIST, text).split(' ');
  if (Number.isNaN(Date.parse(diedAt)) || deliveryId === '') throw foreignCursor();
  return { diedAt, deliveryId };
}
