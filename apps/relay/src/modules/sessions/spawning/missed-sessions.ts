import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerInbox } from '../../runners/index.js';
import { changeSession } from '../change-session.js';
import { nextStatus } from '../session-status.js';
import { DiscardInbox } from './discard-inbox.js';
import { ListenerSessionsRepository } from './listener-sessions.repository.js';
import { spawnOrderId } from './order-spawn.js';

/**
 * Of the triggers that came while a runner was away, a listener may want only the latest. Which one that is goes by the order of
 * acceptance, not by the order of the jobs. It is decided in the database, so that never two are left, however many replicas process the
 * jobs.
 */
@Injectable()
export class MissedSessions {
  constructor(
    private readonly database: Database,
    private readonly sessions: ListenerSessionsRepository,
    private readonly orders: RunnerInbox,
    private readonly discardInbox: DiscardInbox,
    private readonly bus: EventBus,
  ) {}

  /**
   * To be called in the transaction that creates the session: cancels those for earlier missed triggers that have not begun.
   * @returns false when a later missed trigger has its session already
   */
  async supersede(transaction: Transaction, listenerId: string, order: string): Promise<boolean> {
    await this.sessions.takeTurn(transaction, listenerId);
    if (await this.sessions.hasLaterMissed(transaction, listenerId, order)) return false;
    for (const sessionId of await this.sessions.earlierMissed(transaction, listenerId, order))
      await changeSession(transaction, sessionId, ({ status, startedAt }) => {
        const cancelled = startedAt === null ? nextStatus(status, 'withdrawn', false) : null;
        return cancelled && { status: cancelled, isHeld: false, failure: SUPERSEDED };
      });
    return true;
  }

  /** Removes what superseded sessions would have started with, including those that were superseded before a crash. */
  async clear(listenerId: string): Promise<void> {
    const cancelled = await this.sessions.cancelledMissed(listenerId);
    for (const { sessionId, runnerId } of cancelled.filter(({ failure }) => failure?.code === SUPERSEDED.code)) {
      await this.orders.withdraw(runnerId, spawnOrderId(sessionId));
      await this.discardInbox.run(sessionId, ProblemCode.missedWhileAway);
      await this.database.write((manager) => changeSession(manager, sessionId, () => ({ isMissedRun: false })));
      await this.bus.publish('session.changed', { sessionId });
      await this.bus.publish('runner.changed', { runnerId });
    }
  }
}

const SUPERSEDED = {
  code: ProblemCode.missedWhileAway,
  detail: 'Its trigger came while the runner was away, and a later one came too; the listener wants the latest only.',
};
