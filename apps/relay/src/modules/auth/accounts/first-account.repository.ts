import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { FirstAccountEntity } from './first-account.entity.js';

/** Who came first: the owner of the relay's first organisation and of the runner that came with the relay. */
@Injectable()
export class FirstAccount {
  constructor(private readonly database: Database) {}

  async find(): Promise<FirstAccountEntity | null> {
    return this.database.read.findOneBy(FirstAccountEntity, { id: FirstAccountEntity.ID });
  }

  /** @returns whether this account is the first. A second one waits here until the first has committed or failed. */
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
