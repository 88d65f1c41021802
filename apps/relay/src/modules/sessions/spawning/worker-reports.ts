import { Injectable } from '@nestjs/common';
import { ProblemCode, type WorkerReport } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { notFound } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerInbox, RunnerSessions, type SessionsOfRunners } from '../../runners/index.js';
import { changeSession, type SessionChange } from '../change-session.js';
import type { SessionEntity } from '../session.entity.js';
import { isOpen, nextStatus } from '../session-status.js';
import { SessionRepository } from '../session.repository.js';

/** What daemons say of their workers moves the sessions on. Reports repeat on every connection; only news changes anything. */
@Injectable()
export class WorkerReports implements SessionsOfRunners {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly orders: RunnerInbox,
    private readonly bus: EventBus,
    runnerSessions: RunnerSessions,
  ) {
    runnerSessions.register(this);
  }

  countOpen(runnerIds: readonly string[]): Promise<Map<string, number>> {
    return this.sessions.countOpen(runnerIds);
  }

  /** @throws ProblemError `not_found` for a session that is unknown or another runner's */
  async reported(runnerId: string, report: WorkerReport): Promise<void> {
    const { sessionId } = report;
    const result = await this.database.write((manager) =>
      changeSession(manager, sessionId, (session) => {
        if (session.runnerId !== runnerId) throw notFound('session');
        return changeAfter(session, report);
      }),
    );
    if (!result) throw notFound('session');
    // Stopped while it was being started: its worker must not live on.
    if (report.state === 'started' && !isOpen(result.session.status)) {
      await this.orders.append(runnerId, `stop.${sessionId}`, { order: 'stop', sessionId });
    }
    if (!result.isChanged) return;
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId });
  }
}

/** What a report changes; null when it is no news. */
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
