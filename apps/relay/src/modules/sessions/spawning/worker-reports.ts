import { Injectable } from '@nestjs/common';
import { ProblemCode, type WorkerReport } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { notFound } from '../../../platform/http/problem.error.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerInbox, RunnerSessions, type SessionsOfRunners } from '../../runners/index.js';
import { changeSession, type SessionChange } from '../change-session.js';
import type { SessionEntity } from '../session.entity.js';
import { isOpen, nextStatus } from '../session-status.js';
import { SessionRepository } from '../session.repository.js';
import { WakeSession } from './wake-session.js';

/** Fields of a session's hash in Redis: the epochs of the worker that registered last, and of the last one whose end was reported. */
const [EPOCH, ENDED_EPOCH] = ['epoch', 'endedEpoch'];

/**
 * Moves sessions on by what daemons report about their workers. Reports are repeated on every connection, and when an acknowledgement was
 * lost; only news about the present run changes anything.
 */
@Injectable()
export class WorkerReports implements SessionsOfRunners {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly orders: RunnerInbox,
    private readonly bus: EventBus,
    private readonly redis: Redis,
    private readonly wake: WakeSession,
    runnerSessions: RunnerSessions,
  ) {
    runnerSessions.register(this);
  }

  openAmong(sessionIds: readonly string[]): Promise<Set<string>> {
    return this.sessions.openAmong(sessionIds);
  }

  countOpen(runnerIds: readonly string[]): Promise<Map<string, number>> {
    return this.sessions.countOpen(runnerIds);
  }

  /** @throws ProblemError `not_found` for a session that is unknown or another runner's */
  async reported(runnerId: string, report: WorkerReport): Promise<void> {
    const { sessionId } = report;
    if (await this.isOfEarlierRun(report)) return;
    const result = await this.database.write((manager) =>
      changeSession(manager, sessionId, (session) => {
        if (session.runnerId !== runnerId) throw notFound('session');
        return changeAfter(session, report);
      }),
    );
    if (!result) throw notFound('session');
    await this.noteEnd(report);
    if (report.state === 'paused' && result.session.status === 'active') await this.wake.afterPause(sessionId);
    // It was stopped while it was being started, so its worker has to end.
    if (report.state === 'started' && !isOpen(result.session.status)) {
      await this.orders.append(runnerId, `stop.${sessionId}`, { order: 'stop', sessionId });
    }
    if (!result.isChanged) return;
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId });
  }

  /** Whether a newer worker has registered since, or this end was reported before. In both cases the session may have been resumed since. */
  private async isOfEarlierRun({ sessionId, epoch }: WorkerReport): Promise<boolean> {
    if (epoch === undefined) return false;
    const [present, ended] = await this.redis.commands.hmget(sessionKeys.meta(sessionId), EPOCH, ENDED_EPOCH);
    return epoch < Number(present ?? 0) || epoch <= Number(ended ?? 0);
  }

  /** Done after the change: if the relay is killed in between, the end is reported again. */
  private async noteEnd({ sessionId, state, epoch }: WorkerReport): Promise<void> {
    if (epoch === undefined || (state !== 'failed' && state !== 'ended')) return;
    await this.redis.commands.hset(sessionKeys.meta(sessionId), ENDED_EPOCH, epoch);
  }
}

/** What a report changes; null if nothing. */
export function changeAfter(session: SessionEntity, report: WorkerReport): SessionChange | null {
  const hasRun = session.startedAt !== null;
  switch (report.state) {
    case 'started': {
      const status = nextStatus(session.status, 'started', hasRun);
      if (status === null) return null;
      return { status, cwd: report.cwd ?? session.cwd, startedAt: session.startedAt ?? new Date(), failure: null };
    }
    case 'restarting':
      // The session stays active and says why nobody is attached.
      return session.status === 'active' ? { failure: report.failure ?? null, activity: null } : null;
    case 'paused':
      return session.status === 'active' ? { activity: 'paused', failure: null } : null;
    case 'failed': {
      const status = nextStatus(session.status, 'failed', hasRun);
      return status && { status, activity: null, failure: report.failure ?? UNEXPLAINED };
    }
    case 'ended': {
      const status = nextStatus(session.status, 'ended', hasRun);
      return status && { status, activity: null };
    }
  }
}

const UNEXPLAINED = {
  code: ProblemCode.workerStartFailed,
  detail: 'The runner could not start the session and gave no reason; see its log.',
};
