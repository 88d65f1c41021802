import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, MoreThan, Not, type SelectQueryBuilder } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import { lock } from '../../platform/database/lock.js';
import { MemberEntity } from '../auth/index.js';
import { ListenerEntity } from './listener.entity.js';

/** What a person sets. */
export type ListenerFields = Omit<
  ListenerEntity,
  'listenerId' | 'runnerId' | 'organisationId' | 'createdBy' | 'deletedAt' | 'createdAt' | 'updatedAt'
>;

/** What decides whether a trigger reaches a listener. */
export type ListenerWishes = Pick<ListenerEntity, 'listenerId' | 'triggerType' | 'params' | 'filters' | 'filterMode'>;

/** Which listeners of a runner: one by its id, or all of a trigger type. */
export type ListenerTarget = { listenerId: string } | { triggerType: string };

const STANDING = { deletedAt: IsNull() };

@Injectable()
export class ListenerRepository {
  constructor(private readonly database: Database) {}

  /** A runner's listeners, the oldest first, from after `cursor` on. */
  page(runnerId: string, cursor: string | null, limit: number): Promise<ListenerEntity[]> {
    return this.database.read.find(ListenerEntity, {
      where: { runnerId, ...STANDING, ...(cursor === null ? {} : { listenerId: MoreThan(cursor) }) },
      order: { listenerId: 'ASC' },
      take: limit,
    });
  }

  findAll(runnerId: string, target: ListenerTarget): Promise<ListenerEntity[]> {
    return this.database.read.findBy(ListenerEntity, { runnerId, ...target, ...STANDING });
  }

  /** Finds a deleted one too, as long as it is kept. */
  findEvenDeleted(listenerId: string): Promise<ListenerEntity | null> {
    return this.database.read.findOneBy(ListenerEntity, { listenerId });
  }

  /** The enabled listeners whose creator is still a member. @param triggerType default: all types */
  enabled(runnerId: string, triggerType?: string): Promise<ListenerWishes[]> {
    return this.enabledWithCreator()
      .andWhere({ runnerId, ...(triggerType === undefined ? {} : { triggerType }) })
      .andWhere('m.user_id IS NOT NULL')
      .select(['l.listenerId', 'l.triggerType', 'l.params', 'l.filters', 'l.filterMode'])
      .getMany();
  }

  /** Disables those whose creator is no longer a member of their organisation, of one runner or of all. @returns the runners concerned */
  async disableLeft(disabledReason: string, runnerId?: string): Promise<string[]> {
    const left = await this.enabledWithCreator()
      .andWhere(runnerId === undefined ? {} : { runnerId })
      .andWhere('m.user_id IS NULL')
      .select(['l.listenerId', 'l.runnerId'])
      .getMany();
    const ids = left.map(({ listenerId }) => listenerId);
    if (ids.length > 0)
      await this.database.write((transaction) =>
        transaction.update(
          ListenerEntity,
          { listenerId: In(ids), enabled: true },
          { enabled: false, disabledReason, updatedAt: new Date() },
        ),
      );
    return [...new Set(left.map(({ runnerId }) => runnerId))];
  }

  /** How many sessions of each listener may work at once; null: any number. Listeners that do not exist are left out. */
  async limitsOf(listenerIds: readonly string[]): Promise<Map<string, number | null>> {
    const rows = await this.database.read.find(ListenerEntity, {
      where: { listenerId: In([...listenerIds]) },
      select: { listenerId: true, maxConcurrent: true },
    });
    return new Map(rows.map(({ listenerId, maxConcurrent }) => [listenerId, maxConcurrent]));
  }

  /** @returns the listener with that id, which may have been there before; null when the runner has as many as it may have */
  async add(listener: ListenerEntity, maxPerRunner: number): Promise<ListenerEntity | null> {
    const { listenerId, runnerId } = listener;
    return this.database.write(async (transaction) => {
      await lock(transaction, `listeners of ${runnerId}`);
      const known = await transaction.findOneBy(ListenerEntity, { listenerId });
      if (known) return known;
      if ((await transaction.countBy(ListenerEntity, { runnerId, ...STANDING })) >= maxPerRunner) return null;
      await transaction.insert(ListenerEntity, listener);
      return listener;
    });
  }

  /** @returns how many there were */
  async replace(runnerId: string, target: ListenerTarget, fields: Partial<ListenerFields>): Promise<number> {
    return this.change(runnerId, target, fields);
  }

  /** @returns how many there were */
  async remove(runnerId: string, target: ListenerTarget): Promise<number> {
    return this.change(runnerId, target, { deletedAt: new Date() });
  }

  /** Removes deleted listeners for good. @param keep the ids of those that sessions still wait for */
  async purge(deletedBefore: Date, keep: readonly string[]): Promise<void> {
    await this.database.write((transaction) =>
      transaction.delete(ListenerEntity, { deletedAt: LessThan(deletedBefore), listenerId: Not(In([...keep])) }),
    );
  }

  /** Joins the creator's membership as `m`, which has no row for one who has left. */
  private enabledWithCreator(): SelectQueryBuilder<ListenerEntity> {
    return this.database.read
      .createQueryBuilder(ListenerEntity, 'l')
      .leftJoin(MemberEntity, 'm', 'm.user_id = l.created_by AND m.organisation_id = l.organisation_id')
      .where({ enabled: true, ...STANDING });
  }

  private async change(runnerId: string, target: ListenerTarget, change: Partial<ListenerEntity>): Promise<number> {
    const result = await this.database.write((transaction) =>
      transaction.update(ListenerEntity, { runnerId, ...target, ...STANDING }, { ...change, updatedAt: new Date() }),
    );
    return result.affected ?? 0;
  }
}
