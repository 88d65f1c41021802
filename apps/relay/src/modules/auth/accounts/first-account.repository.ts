import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { FirstAccountEntity } from './first-account.entity.js';

/** The first account, which owns the relay's first organisation and the runner on the relay's machine. */
@Injectable()
export class FirstAccount {
  constructor(private readonly database: Database) {}

  async find(): Promise<FirstAccountEntity | null> {
    return this.database.read.findOneBy(FirstAccountEntity, { id: FirstAccountEntity.ID });
  }

  /** @returns whether this account is the first. A concurrent call waits until the first one has committed or failed. */
  async claim(manager: EntityManager, account: { userId: string; organisationId: string }): Promise<boolean> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(FirstAccountEntity)
      .values({ id: FirstAccountEntity.ID, ...account })
      .orIgnore()
      .execute();
    const first = await manager.findOneByOrFail(FirstAccountEntity, { id: FirstAccountEntity.ID });
    return first.userId === account.userId;
  }
}
