import { isUuid } from '@pizzapi/protocol';
import { decodeListCursor, encodeListCursor, foreignCursor } from '../../platform/http/list-cursor.js';
import type { SessionEntity } from './session.entity.js';

const LIST = 'sessions';

/** Where a page of the list ended: pinned first, then the latest change first, then by id. */
export interface SessionCursor {
  isPinned: boolean;
  updatedAt: string;
  sessionId: string;
}

export function encodeCursor({
  isPinned,
  updatedAt,
  sessionId,
}: Pick<SessionEntity, 'isPinned' | 'updatedAt' | 'sessionId'>): string {
  return encodeListCursor(LIST, `${isPinned ? 1 : 0} ${updatedAt.toISOString()} ${sessionId}`);
}

/** @throws ProblemError `invalid_request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): SessionCursor {
  const [pinned, updatedAt = '', sessionId = ''] = decodeListCursor(LIST, text).split(' ');
  const isKnown = (pinned === '0' || pinned === '1') && !Number.isNaN(Date.parse(updatedAt)) && isUuid(sessionId);
  if (!isKnown) throw foreignCursor();
  return { isPinned: pinned === '1', updatedAt, sessionId };
}
