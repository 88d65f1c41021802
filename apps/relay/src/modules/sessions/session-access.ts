import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.error.js';
import type { Caller } from '../auth/index.js';
import type { SessionEntity } from './session.entity.js';
import { SessionRepository } from './session.repository.js';

/** Sessions are private to their owner. */
@Injectable()
export class SessionAccess {
  constructor(private readonly sessions: SessionRepository) {}

  /** @throws ProblemError `not_found` when it is unknown or somebody else's */
  async require(sessionId: string, caller: Pick<Caller, 'userId'>): Promise<SessionEntity> {
    const session = await this.find(sessionId, caller);
    if (!session) throw notFound('session');
    return session;
  }

  /** Null when it is unknown or somebody else's. */
  async find(sessionId: string, caller: Pick<Caller, 'userId'>): Promise<SessionEntity | null> {
    const session = await this.sessions.find(sessionId);
    return session?.ownerId === caller.userId ? session : null;
  }

  /** For the relay's own purposes, regardless of the owner. */
  findAnyones(sessionId: string): Promise<SessionEntity | null> {
    return this.sessions.find(sessionId);
  }

  /** For the session's own worker, known by its token. @throws ProblemError `not_found` when it was removed */
  async requireItself(sessionId: string): Promise<SessionEntity> {
    const session = await this.sessions.find(sessionId);
    if (!session) throw notFound('session');
    return session;
  }
}
