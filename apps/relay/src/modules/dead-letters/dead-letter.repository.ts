import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import type { DeadLetterCursor } from './dead-letter-cursor.js';
import { DeadLetterEntity } from './dead-letter.entity.js';

export interface DeadLetterQuery {
  sessionId?: string | undefined;
  type?: string | undefined;
}

/** Databases limit the parameters of one statement. */
const ROWS_AT_A_TIME = 200;

@Injectable()
export class DeadLetterRepository {
  constructor(private readonly database: Database) {}

  find(deliveryId: string): Promise<DeadLetterEntity | null> {
    return this.database.read.findOneBy(DeadLetterEntity, { deliveryId });
  }

  /** Those of them that are the owner's. */
  findOwned(ownerId: string, deliveryIds: readonly string[]): Promise<DeadLetterEntity[]> {
    return this.database.read.findBy(DeadLetterEntity, { ownerId, deliveryId: In([...deliveryIds]) });
  }

  /** One owner's, the latest death first, after a cursor. */
  page(
    ownerId: string,
    { sessionId, type }: DeadLetterQuery,
    cursor: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterEntity[]> {
    const select = this.database.read
      .createQueryBuilder(DeadLetterEntity, 'd')
      .where('d.ownerId = :ownerId', { ownerId });
    if (sessionId !== undefined) select.andWhere('d.sessionId = :sessionId', { sessionId });
    if (type !== undefined) select.andWhere('d.type = :type', { type });
    // One comparison of the whole key, which both databases answer from the index.
    if (cursor) select.andWhere('(d.died_at, d.delivery_id) < (:diedAt, :deliveryId)', cursor);
    return select.orderBy({ 'd.diedAt': 'DESC', 'd.deliveryId': 'DESC' }).limit(limit).getMany();
  }

  count(ownerId: string, { sessionId, type }: DeadLetterQuery): Promise<number> {
    return this.database.read.countBy(DeadLetterEntity, {
      ownerId,
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(type === undefined ? {} : { type }),
    });
  }

  countAll(): Promise<number> {
    return this.database.read.count(DeadLetterEntity);
  }

  /** One that is there already has died anew. */
  async save(deadLetters: readonly DeadLetterEntity[]): Promise<void> {
    if (deadLetters.length === 0) return;
    await this.database.write(async (transaction) => {
      for (let at = 0; at < deadLetters.length; at += ROWS_AT_A_TIME)
        await transaction
          .createQueryBuilder()
          .insert()
          .into(DeadLetterEntity)
          .values(deadLetters.slice(at, at + ROWS_AT_A_TIME))
          .orUpdate(['reason', 'attempts', 'died_at'], ['delivery_id'])
          .execute();
    });
  }

  /** Removes them as they were read: one that has died again since stays. */
  async remove(deadLetters: readonly Pick<DeadLetterEntity, 'deliveryId' | 'diedAt'>[]): Promise<void> {
    if (deadLetters.length === 0) return;
    await this.database.write(async (transaction) => {
      for (const { deliveryId, diedAt } of deadLetters)
        await transaction.delete(DeadLetterEntity, { deliveryId, diedAt });
    });
  }
}
