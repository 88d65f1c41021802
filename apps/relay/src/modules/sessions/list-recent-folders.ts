import { Injectable } from '@nestjs/common';
import { isUuid } from '@pizzapi/protocol';
import { decodeListCursor, encodeListCursor, foreignCursor } from '../../platform/http/list-cursor.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import type { Caller } from '../auth/index.js';
import { type RecentFolder, SessionRepository } from './session.repository.js';

/** A page of the folders that the caller used on a runner. */
@Injectable()
export class ListRecentFolders {
  constructor(private readonly sessions: SessionRepository) {}

  /** The latest first. @throws ProblemError `invalid_request` on a cursor that this list did not give */
  async run(
    { userId: ownerId }: Caller,
    { runnerId, limit, cursor }: { runnerId: string; limit: number; cursor?: string },
  ): Promise<{ folders: string[]; nextCursor?: string }> {
    const list = `recent folders ${runnerId}`;
    const after = cursor === undefined ? null : placeOf(decodeListCursor(list, cursor));
    const found = await this.sessions.recentFolders({ ownerId, runnerId }, after, limit + 1);
    const { page, ...next } = pageOf(found, limit, ({ usedAt, sessionId }) =>
      encodeListCursor(list, `${usedAt} ${sessionId}`),
    );
    return { folders: page.map(({ cwd }) => cwd), ...next };
  }
}

function placeOf(text: string): Omit<RecentFolder, 'cwd'> {
  const [usedAt = '', sessionId = ''] = text.split(' ');
  if (Number.isNaN(Date.parse(usedAt)) || !isUuid(sessionId)) throw foreignCursor();
  return { usedAt, sessionId };
}
