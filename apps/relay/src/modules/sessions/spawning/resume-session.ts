import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { conflict } from '../../../platform/http/problem.error.js';
import { Queues } from '../../../platform/queues/queues.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import { SharedClock } from '../../../platform/redis/shared-clock.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerAbsence } from '../../runners/index.js';
import { ChildLimits } from '../children/child-limits.js';
import { changeSession, type SessionChange } from '../change-session.js';
import { EventLog } from '../event-log/index.js';
import type { SessionEntity } from '../session.entity.js';
import { nextStatus } from '../session-status.js';
import { runnerRemoved } from './runner-removed.js';

/**
 * Starts an ended or failed session again: from its file if it has ever run, otherwise from the beginning. What waits in its inbox is then delivered.
 */
@Injectable()
export class ResumeSession {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly queues: Queues,
    private readonly bus: EventBus,
    private readonly replicas: Replicas,
    private readonly limits: ChildLimits,
    private readonly runners: RunnerAbsence,
    private readonly clock: SharedClock,
  ) {}

  /**
   * @param operationId makes this job's id differ from those of earlier resumptions
   * @throws ProblemError `session_not_ended`, `runner_removed`; of a child `too_many_children`
   */
  async run(session: SessionEntity, operationId: string): Promise<void> {
    const { sessionId, runnerId } = session;
    if ((await this.runners.removedAmong([runnerId])).size > 0)
      throw runnerRemoved(
        'Start it again on its machine, then resume the session; or start a new session on another runner.',
      );
    const lastSeq = await this.log.lastSeq(sessionId);
    await this.database.write(async (manager) => {
      await this.limits.allowAgain(manager, session);
      await changeSession(manager, sessionId, (now) => reopened(now, lastSeq, this.clock.now()));
    });
    await this.queues.add('spawn-session', `${sessionId}.${operationId}`, { sessionId });
    await this.replicas.confirm();
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId });
  }
}

function reopened(
  { status, startedAt, transcribedSeq }: SessionEntity,
  lastSeq: number,
  waitsSince: Date,
): SessionChange {
  const next = nextStatus(status, 'resumed', startedAt !== null);
  if (next === null)
    throw conflict(
      ProblemCode.sessionNotEnded,
      `The session is ${status}; only an ended or failed one can be resumed.`,
    );
  return {
    status: next,
    failure: null,
    activity: null,
    spawnedSeq: Math.max(lastSeq, transcribedSeq),
    // A person asks for it, so it does not wait for room with its listener; its wait for the runner begins anew.
    isHeld: false,
    waitsSince,
  };
}
