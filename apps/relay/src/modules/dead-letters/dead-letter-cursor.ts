import { invalid } from '../../platform/http/problem.error.js';

/** Where a page of the list ended: the latest death first, then by id. */
export interface DeadLetterCursor {
  diedAt: string;
  deliveryId: string;
}

/** Opaque to callers. */
export function encodeCursor({ diedAt, deliveryId }: { diedAt: Date; deliveryId: string }): string {
  return Buffer.from(`${diedAt.toISOString()} ${deliveryId}`).toString('base64url');
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): DeadLetterCursor {
  const [diedAt = '', deliveryId = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  if (Number.isNaN(Date.parse(diedAt)) || deliveryId === '')
    throw invalid('cursor', 'take it from "nextCursor" of the page before, or leave it out');
  return { diedAt, deliveryId };
}
