import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import { SessionAccess, type SessionEntity } from '../sessions/index.js';

/** A session's agent reaches its own children and no other session. */
@Injectable()
export class ChildAccess {
  constructor(private readonly sessions: SessionAccess) {}

  /** @throws ProblemError `not_found` when it is unknown or not this session's child */
  async require(parent: SessionEntity, sessionId: string): Promise<SessionEntity> {
    const child = await this.sessions.find(sessionId, { userId: parent.ownerId });
    if (child?.parentSessionId !== parent.sessionId) throw notFound('child of this session');
    return child;
  }
}
