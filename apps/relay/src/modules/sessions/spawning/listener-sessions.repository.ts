import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { In, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { SessionEntity } from '../session.entity.js';

const { pending, active } = SessionStatus;

/** Queries about sessions that listeners started: how many work, which wait for room, which are superseded. */
@Injectable()
export class ListenerSessionsRepository {
  constructor(private readonly database: Database) {}

  /** Until the end of the transaction nobody else decides anything about this listener's sessions. */
  async takeTurn(transaction: Transaction, listenerId: string): Promise<void> {
    await lock(transaction, `sessions of ${listenerId}`);
  }

  /** How many are starting, or have not finished their first turn. */
  countAtWork(transaction: Transaction, listenerId: string): Promise<number> {
    const condition = { listenerId, status: In([pending, active]), isHeld: false, firstTurnAt: IsNull() };
    return transaction.countBy(SessionEntity, condition);
  }

  /** Those that wait for room, in the order of their triggers. */
  async firstHeld(transaction: Transaction, listenerId: string, count: number): Promise<string[]> {
    const rows = await transaction.find(SessionEntity, {
      where: { listenerId, status: pending, isHeld: true },
      order: { triggerOrder: 'ASC' },
      select: { sessionId: true },
      take: count,
    });
    return rows.map(({ sessionId }) => sessionId);
  }

  /** Listeners with sessions that wait for room. */
  async withHeld(): Promise<string[]> {
    const rows = await this.database.read
      .createQueryBuilder(SessionEntity, 's')
      .select('DISTINCT s.listener_id', 'listenerId')
      .where({ status: pending, isHeld: true })
      .getRawMany<{ listenerId: string }>();
    return rows.map(({ listenerId }) => listenerId);
  }

  /** The listeners that started these sessions. */
  async startersOf(sessionIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.read.find(SessionEntity, {
      where: { sessionId: In([...sessionIds]), listenerId: Not(IsNull()) },
      select: { listenerId: true },
    });
    return new Set(rows.flatMap(({ listenerId }) => (listenerId === null ? [] : [listenerId])));
  }

  /** Whether a session was started for a later missed trigger, whatever became of it. */
  hasLaterMissed(transaction: Transaction, listenerId: string, order: string): Promise<boolean> {
    return transaction.existsBy(SessionEntity, { listenerId, isMissedRun: true, triggerOrder: MoreThan(order) });
  }

  /** Sessions for earlier missed triggers that have not run and still might. */
  async earlierMissed(transaction: Transaction, listenerId: string, order: string): Promise<string[]> {
    const rows = await transaction.find(SessionEntity, {
      where: { listenerId, isMissedRun: true, status: pending, startedAt: IsNull(), triggerOrder: LessThan(order) },
      select: { sessionId: true },
    });
    return rows.map(({ sessionId }) => sessionId);
  }

  /** Sessions for missed triggers that were cancelled and have not been cleared yet. */
  cancelledMissed(listenerId: string): Promise<SessionEntity[]> {
    return this.database.read.findBy(SessionEntity, { listenerId, isMissedRun: true, status: SessionStatus.cancelled });
  }
}
