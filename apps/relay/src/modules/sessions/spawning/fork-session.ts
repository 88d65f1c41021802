import { Injectable } from '@nestjs/common';
import { ProblemCode, RunnerAbility } from '@pizzapi/protocol';
import { conflict } from '../../../platform/http/problem.error.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import type { Caller } from '../../auth/index.js';
import { RunnerAbilities } from '../../runners/index.js';
import { forkName } from '../session-name.js';
import { modelOf, type SessionEntity } from '../session.entity.js';
import { runnerRemoved } from './runner-removed.js';
import { StartSession } from './start-session.js';

export interface ForkRequest {
  /** The last entry that it takes over; null: none. */
  entryId: string | null;
  name?: string | undefined;
}

/**
 * Accepts a session that continues another one's conversation, on the same runner and in the same folder. The runner reads the conversation
 * from the other session's file when it starts the fork. Nothing else is taken over: no subscriptions, no parent, no waiting deliveries.
 */
@Injectable()
export class ForkSession {
  constructor(
    private readonly runners: RunnerAbilities,
    private readonly startSession: StartSession,
    private readonly replicas: Replicas,
  ) {}

  /**
   * The same id again creates nothing new.
   * @throws ProblemError `runner_removed`, `runner_too_old`
   */
  async run(caller: Caller, source: SessionEntity, sessionId: string, { entryId, name }: ForkRequest): Promise<void> {
    const { runnerId, cwd, isFolderReal, sandboxFrame } = source;
    const abilities = await this.runners.of(runnerId);
    if (!abilities)
      throw runnerRemoved(
        'Start it again on its machine, then fork the session; or start a new session on another runner.',
      );
    // On an older runner the fork would silently begin empty.
    if (entryId !== null && !abilities.has(RunnerAbility.fork))
      throw conflict(
        ProblemCode.runnerTooOld,
        'The runner of this session has not said that it can fork sessions. Update PizzaPi on its machine and start it again, then fork the session.',
      );
    await this.startSession.run({
      sessionId,
      runnerId,
      ownerId: caller.userId,
      organisationId: source.organisationId,
      name: name ?? forkName(source.name),
      cwd: cwd === '' ? null : cwd,
      isFolderReal,
      // Otherwise a fork would be a way out of the sandbox.
      sandboxFrame,
      model: modelOf(source),
      firstItem: null,
      startedBy: null,
      forkedFrom: { sessionId: source.sessionId, entryId },
    });
    await this.replicas.confirm();
  }
}
