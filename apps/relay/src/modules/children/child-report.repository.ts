import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan } from 'typeorm';
import { Database, type Transaction } from '../../platform/database/database.js';
import { ChildReportEntity } from '../sessions/index.js';

@Injectable()
export class ChildReportRepository {
  constructor(private readonly database: Database) {}

  find(triggerId: string): Promise<ChildReportEntity | null> {
    return this.database.read.findOneBy(ChildReportEntity, { triggerId });
  }

  /** Those that are to be put on the bus, in their order. */
  waiting(limit: number): Promise<ChildReportEntity[]> {
    return this.database.read.find(ChildReportEntity, {
      where: { acceptedAt: IsNull() },
      order: { createdAt: 'ASC', ordinal: 'ASC', triggerId: 'ASC' },
      take: limit,
    });
  }

  async markAccepted(triggerIds: readonly string[]): Promise<void> {
    const condition = { triggerId: In([...triggerIds]), acceptedAt: IsNull() };
    await this.database.write((manager) => manager.update(ChildReportEntity, condition, { acceptedAt: new Date() }));
  }

  /** What was told before, and cannot be answered any more. */
  async forgetBefore(time: Date): Promise<void> {
    await this.database.write((manager) => manager.delete(ChildReportEntity, { acceptedAt: LessThan(time) }));
  }

  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.write(work);
  }
}
