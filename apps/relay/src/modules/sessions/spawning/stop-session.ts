import { Injectable } from '@nestjs/common';
import { ProblemCode, SessionStatus } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerInbox } from '../../runners/index.js';
import { AskWorker } from '../worker-link/ask-worker.js';
import { lockFamily } from '../children/child-limits.js';
import { changeSession, type SessionChange } from '../change-session.js';
import type { SessionEntity } from '../session.entity.js';
import { nextStatus } from '../session-status.js';
import { DiscardInbox } from './discard-inbox.js';
import { spawnOrderId } from './order-spawn.js';

/**
 * Stops a session. One that is pending is withdrawn at once. One with an attached worker ends when the worker or its daemon says so, so
 * that nothing of its last words is lost. One whose worker is away ends at once, and the worker is stopped when the runner is back.
 */
@Injectable()
export class StopSession {
  constructor(
    private readonly database: Database,
    private readonly orders: RunnerInbox,
    private readonly worker: AskWorker,
    private readonly discardInbox: DiscardInbox,
    private readonly bus: EventBus,
  ) {}

  /** @returns the status now; a session that is over stays as it is */
  async run(session: SessionEntity): Promise<SessionStatus | null> {
    const { sessionId, runnerId } = session;
    const isAttached = await this.worker.isAttached(sessionId);
    const result = await this.database.write(async (manager) => {
      await lockFamily(manager, session);
      return changeSession(manager, sessionId, (now) => stopped(now, isAttached));
    });
    await this.orders.withdraw(runnerId, spawnOrderId(sessionId));
    // Also after a withdrawal: the daemon may have started it already.
    if (result?.isChanged || result?.session.status === SessionStatus.active) {
      await this.orders.append(runnerId, `stop.${sessionId}`, { order: 'stop', sessionId });
      await this.worker.tellToStop(sessionId);
    }
    if (result?.session.status === SessionStatus.cancelled)
      await this.discardInbox.run(sessionId, ProblemCode.sessionCancelled);
    if (result?.isChanged) {
      await this.bus.publish('session.changed', { sessionId });
      await this.bus.publish('runner.changed', { runnerId });
    }
    return result?.session.status ?? null;
  }
}

function stopped({ status, startedAt }: SessionEntity, isAttached: boolean): SessionChange | null {
  // An attached worker ends by itself, and says so.
  if (status === SessionStatus.active && isAttached) return { isStopping: true };
  const fact = status === SessionStatus.pending ? 'withdrawn' : 'ended';
  const next = nextStatus(status, fact, startedAt !== null);
  return next && { status: next, activity: null, isHeld: false };
}
