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
 * Of the triggers that came while a runner was away, a listener may want the latest only. "Latest" goes by the order of acceptance, not by whose turn
 * came first, and is decided in the database, so that no order of jobs and no number of replicas leaves two.
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
   * To be asked in the transaction that makes the session: cancels those of earlier missed triggers that have not begun.
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

  /** Takes back what superseded sessions would have started with: also of those that a crash left. */
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
