import { Injectable } from '@nestjs/common';
import type { SessionView } from '@pizzapi/protocol';
import { pageOf } from '../../platform/http/page-query.dto.js';
import type { Caller } from '../auth/index.js';
import { decodeCursor, encodeCursor } from './session-cursor.js';
import { SessionViews } from './session-views.js';
import { type SessionQuery, SessionRepository } from './session.repository.js';

export interface SessionListRequest extends SessionQuery {
  limit: number;
  cursor?: string | undefined;
}

/** A page of the caller's sessions. */
@Injectable()
export class ListSessions {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly views: SessionViews,
  ) {}

  async run(
    caller: Caller,
    { limit, cursor, ...query }: SessionListRequest,
  ): Promise<{ sessions: SessionView[]; nextCursor?: string }> {
    const found = await this.sessions.page(
      caller.userId,
      query,
      cursor === undefined ? null : decodeCursor(cursor),
      limit + 1,
    );
    const { page, ...next } = pageOf(found, limit, encodeCursor);
    return { sessions: await this.views.forMany(page), ...next };
  }
}
