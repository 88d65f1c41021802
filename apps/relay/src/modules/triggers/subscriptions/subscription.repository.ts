import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { MoreThan, type SelectQueryBuilder } from 'typeorm';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { RunnerEntity } from '../../runners/index.js';
import { SessionEntity } from '../../sessions/index.js';
import type { CriteriaColumns, StoredCriteria } from '../matching/stored-criteria.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** What matching needs of a row, and no more, because there may be thousands. */
export interface MatchableRow extends CriteriaColumns {
  subscriptionId: string;
  sessionId: string;
}
export interface WantedRow {
  subscriptionId: string;
  triggerType: string;
  params: string | null;
}
/** One subscription of a session, or all of a type. */
export type SubscriptionTarget = { subscriptionId: string } | { triggerType: string };

const OPEN = [SessionStatus.pending, SessionStatus.active];

@Injectable()
export class SubscriptionRepository {
  constructor(private readonly database: Database) {}

  find(sessionId: string, subscriptionId: string): Promise<SubscriptionEntity | null> {
    return this.database.read.findOneBy(SubscriptionEntity, { sessionId, subscriptionId });
  }

  /** A session's subscriptions, the oldest first. */
  page(sessionId: string, cursor: string | null, limit?: number): Promise<SubscriptionEntity[]> {
    return this.database.read.find(SubscriptionEntity, {
      where: { sessionId, ...(cursor === null ? {} : { subscriptionId: MoreThan(cursor) }) },
      order: { subscriptionId: 'ASC' },
      ...(limit === undefined ? {} : { take: limit }),
    });
  }

  /**
   * @returns the subscription with that id, which may have been there before. `full`: the session has as many as it may have. `gone`: the session was
   * deleted.
   */
  insert(row: SubscriptionEntity, maxPerSession: number): Promise<SubscriptionEntity | 'full' | 'gone'> {
    const { sessionId, subscriptionId } = row;
    return this.database.write(async (transaction) => {
      await lock(transaction, `subscriptions.${sessionId}`);
      const known = await transaction.findOneBy(SubscriptionEntity, { subscriptionId });
      if (known) return known;
      if (!(await isThere(transaction, sessionId))) return 'gone';
      if ((await transaction.countBy(SubscriptionEntity, { sessionId })) >= maxPerSession) return 'full';
      await transaction.insert(SubscriptionEntity, row);
      return row;
    });
  }

  /**
   * Sets the given fields of all subscriptions that are meant, or of none.
   * @param check is called with each as it would be; if it throws, nothing is changed
   * @returns the changed subscriptions, the oldest first
   */
  change(
    sessionId: string,
    target: SubscriptionTarget,
    { params, filters, filterMode }: Partial<StoredCriteria>,
    check: (changed: SubscriptionEntity) => void,
  ): Promise<SubscriptionEntity[]> {
    return this.database.write(async (transaction) => {
      await lock(transaction, `subscriptions.${sessionId}`);
      await transaction
        .createQueryBuilder()
        .update(SubscriptionEntity)
        // As JSON text: TypeORM's types do not accept values of any shape, such as params.
        .set({
          ...(params === undefined ? {} : { params: () => ':params' }),
          ...(filters === undefined ? {} : { filters: () => ':filters' }),
          ...(filterMode === undefined ? {} : { filterMode }),
          updatedAt: new Date(),
        })
        .where({ sessionId, ...target })
        .setParameters({ params: jsonOf(params ?? null), filters: jsonOf(filters ?? null) })
        .execute();
      const changed = await transaction.find(SubscriptionEntity, {
        where: { sessionId, ...target },
        order: { subscriptionId: 'ASC' },
      });
      changed.forEach(check);
      return changed;
    });
  }

  /** @returns how many */
  async delete(sessionId: string, target: SubscriptionTarget): Promise<number> {
    const { affected } = await this.database.write(async (transaction) => {
      await lock(transaction, `subscriptions.${sessionId}`);
      return transaction
        .createQueryBuilder()
        .delete()
        .from(SubscriptionEntity)
        .where({ sessionId, ...target })
        .execute();
    });
    return affected ?? 0;
  }

  /** The subscriptions to match with a trigger of that type, sorted by session. */
  matchable(runnerId: string, triggerType: string): Promise<MatchableRow[]> {
    return this.counting(runnerId)
      .andWhere('u.trigger_type = :triggerType', { triggerType })
      .select(['u.subscription_id AS "subscriptionId"', 'u.session_id AS "sessionId"'])
      .addSelect(['u.params AS "params"', 'u.filters AS "filters"', 'u.filter_mode AS "filterMode"'])
      .orderBy({ 'u.session_id': 'ASC', 'u.subscription_id': 'ASC' })
      .getRawMany<MatchableRow>();
  }

  /** What the runner's services are told. */
  wanted(runnerId: string): Promise<WantedRow[]> {
    return this.counting(runnerId)
      .select(['u.subscription_id AS "subscriptionId"', 'u.trigger_type AS "triggerType"', 'u.params AS "params"'])
      .orderBy('u.subscription_id')
      .getRawMany<WantedRow>();
  }

  /** The subscriptions that count: those of open sessions whose owner also owns the runner. */
  private counting(runnerId: string): SelectQueryBuilder<SubscriptionEntity> {
    return this.database.read
      .createQueryBuilder(SubscriptionEntity, 'u')
      .innerJoin(SessionEntity, 's', 's.session_id = u.session_id AND s.status IN (:...open)', { open: OPEN })
      .innerJoin(RunnerEntity, 'r', 'r.runner_id = u.runner_id AND r.owner_id = u.owner_id')
      .where('u.runner_id = :runnerId', { runnerId });
  }
}

function isThere(transaction: Transaction, sessionId: string): Promise<boolean> {
  return transaction.existsBy(SessionEntity, { sessionId });
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
