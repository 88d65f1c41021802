import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { In, LessThan, type SelectQueryBuilder } from 'typeorm';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { RunnerEntity } from '../../runners/index.js';
import { SessionEntity } from '../../sessions/index.js';
import { TunnelEntity } from './tunnel.entity.js';

const OPEN = [SessionStatus.pending, SessionStatus.active];

/** Reads only open tunnels: their session, if any, is pending or active, and their owner still owns the runner. */
@Injectable()
export class TunnelRepository {
  constructor(private readonly database: Database) {}

  find(tunnelId: string): Promise<TunnelEntity | null> {
    return this.open().andWhere({ tunnelId }).getOne();
  }

  findByLabel(label: string): Promise<TunnelEntity | null> {
    return this.open().andWhere({ label }).getOne();
  }

  /** A page of an owner's tunnels, newest first. */
  page(ownerId: string, before: string | null, limit: number): Promise<TunnelEntity[]> {
    const query = this.open().andWhere({ ownerId });
    if (before !== null) query.andWhere({ tunnelId: LessThan(before) });
    return query.orderBy('t.tunnelId', 'DESC').limit(limit).getMany();
  }

  ofSession(sessionId: string): Promise<TunnelEntity[]> {
    return this.open().andWhere({ sessionId }).orderBy('t.tunnelId').getMany();
  }

  ofService(runnerId: string, serviceId: string): Promise<TunnelEntity | null> {
    return this.open().andWhere({ runnerId, serviceId }).getOne();
  }

  /** The tunnels of a runner's services. */
  ofServices(runnerId: string): Promise<TunnelEntity[]> {
    return this.open().andWhere({ runnerId }).andWhere('t.service_id IS NOT NULL').orderBy('t.tunnelId').getMany();
  }

  /** The oldest tunnel of a runner's port that an owner exposed for any of their sessions. */
  ofPort(runnerId: string, port: number, ownerId: string): Promise<TunnelEntity | null> {
    return this.open().andWhere({ runnerId, port, ownerId }).orderBy('t.tunnelId').getOne();
  }

  /** @returns the tunnel of that session and port, which may have existed before; `full` if the session has reached its limit */
  insertForSession(
    row: TunnelEntity & { sessionId: string; port: number },
    maxPerSession: number,
  ): Promise<TunnelEntity | 'full'> {
    const { sessionId, port } = row;
    return this.database.write(async (transaction) => {
      await lock(transaction, `tunnels.${sessionId}`);
      const known = await transaction.findOneBy(TunnelEntity, { sessionId, port });
      if (known) return known;
      if ((await transaction.countBy(TunnelEntity, { sessionId })) >= maxPerSession) return 'full';
      await transaction.insert(TunnelEntity, row);
      return row;
    });
  }

  /** Adds missing ones. A service that has a tunnel keeps it, with the current name. */
  async insertForServices(rows: readonly TunnelEntity[]): Promise<void> {
    await this.database.write(async (transaction) => {
      for (const row of rows) {
        await transaction.createQueryBuilder().insert().into(TunnelEntity).values(row).orIgnore().execute();
        const { runnerId, serviceId, name } = row;
        await transaction.update(TunnelEntity, { runnerId, serviceId: In([serviceId]) }, { name });
      }
    });
  }

  async rename(tunnelId: string, name: string): Promise<void> {
    await this.database.write((transaction) => transaction.update(TunnelEntity, { tunnelId }, { name }));
  }

  /** @returns whether it existed */
  async delete(tunnelId: string): Promise<boolean> {
    const { affected } = await this.database.write((transaction) => transaction.delete(TunnelEntity, { tunnelId }));
    return affected === 1;
  }

  /** Deletes tunnels of a runner's sessions that have ended or were deleted. @returns the deleted tunnels */
  async deleteOfEnded(runnerId: string): Promise<TunnelEntity[]> {
    // Reading first avoids most writes: sessions come and go far more often than tunnels.
    if ((await this.ofEnded(this.database.read, runnerId)).length === 0) return [];
    return this.database.write(async (transaction) => {
      const ended = await this.ofEnded(transaction, runnerId);
      await transaction.delete(TunnelEntity, { tunnelId: In(ended.map(({ tunnelId }) => tunnelId)) });
      return ended;
    });
  }

  private ofEnded(manager: Transaction, runnerId: string): Promise<TunnelEntity[]> {
    return manager
      .createQueryBuilder(TunnelEntity, 't')
      .leftJoin(SessionEntity, 's', 's.session_id = t.session_id AND s.status IN (:...open)', { open: OPEN })
      .where({ runnerId })
      .andWhere('t.session_id IS NOT NULL AND s.session_id IS NULL')
      .getMany();
  }

  private open(): SelectQueryBuilder<TunnelEntity> {
    return this.database.read
      .createQueryBuilder(TunnelEntity, 't')
      .innerJoin(RunnerEntity, 'r', 'r.runner_id = t.runner_id AND r.owner_id = t.owner_id')
      .leftJoin(SessionEntity, 's', 's.session_id = t.session_id')
      .where('(t.session_id IS NULL OR s.status IN (:...open))', { open: OPEN });
  }
}
