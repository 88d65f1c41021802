import { invalid } from '../../platform/http/problem.error.js';
import { isUuid } from '@pizzapi/protocol';
import type { SessionEntity } from './session.entity.js';

/** Where a page of the list ended: pinned first, then the latest change first, then by id. */
export interface SessionCursor {
  isPinned: boolean;
  updatedAt: string;
  sessionId: string;
}

/** Opaque to callers. */
export function encodeCursor({
  isPinned,
  updatedAt,
  sessionId,
}: Pick<SessionEntity, 'isPinned' | 'updatedAt' | 'sessionId'>): string {
  return Buffer.from(`${isPinned ? 1 : 0} ${updatedAt.toISOString()} ${sessionId}`).toString('base64url');
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): SessionCursor {
  const [pinned, updatedAt = '', sessionId = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const isKnown = (pinned === '0' || pinned === '1') && !Number.isNaN(Date.parse(updatedAt)) && isUuid(sessionId);
  if (!isKnown) throw invalid('cursor', 'take it from "nextCursor" of the page before, or leave it out');
  return { isPinned: pinned === '1', updatedAt, sessionId };
}
