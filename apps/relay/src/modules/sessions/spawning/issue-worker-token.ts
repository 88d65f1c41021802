import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { conflict, notFound } from '../../../platform/http/problem.error.js';
import { type AnyCaller, WorkerTokens } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';
import { isOpen } from '../session-status.js';
import { SessionRepository } from '../session.repository.js';

/** Gives a daemon the token with which one of its workers may attach, for that session only. */
@Injectable()
export class IssueWorkerToken {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly sessions: SessionRepository,
    private readonly tokens: WorkerTokens,
  ) {}

  async run(caller: AnyCaller, runnerId: string, sessionId: string): Promise<string> {
    await this.runners.requireFor(caller, runnerId);
    const session = await this.sessions.find(sessionId);
    if (!session || session.runnerId !== runnerId) throw notFound('session');
    if (!isOpen(session.status))
      throw conflict(ProblemCode.sessionEnded, `The session is ${session.status}; its worker must exit.`);
    return this.tokens.issue({ sessionId, runnerId, ownerId: session.ownerId });
  }
}
