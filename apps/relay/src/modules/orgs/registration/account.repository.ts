import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { Transaction } from '../../../platform/database/database.js';
import { conflict } from '../../../platform/http/problem.error.js';
import { MemberEntity, type Role, UserEntity } from '../../auth/index.js';
import { OrganisationEntity } from '../organisation.entity.js';

export interface Membership {
  organisationId: string;
  role: Role;
}

/** Where a new account goes, and whether the organisation has to be made for it. */
export interface Place extends Membership {
  isNew: boolean;
}

/** Writes a new user with their place in an organisation. The same again, after a crash, changes nothing. */
@Injectable()
export class AccountRepository {
  /** @throws ProblemError `email_taken` */
  async add(transaction: Transaction, user: UserEntity, { isNew, ...membership }: Place): Promise<Membership> {
    await this.addUser(transaction, user);
    if (isNew) {
      const organisation = {
        organisationId: membership.organisationId,
        name: `${user.name}'s organisation`,
        createdAt: user.createdAt,
      };
      await transaction.save(transaction.create(OrganisationEntity, organisation));
    }
    await transaction.save(
      transaction.create(MemberEntity, { userId: user.userId, ...membership, joinedAt: user.createdAt }),
    );
    return membership;
  }

  /** The unique index decides, so that two at once cannot both pass. */
  private async addUser(transaction: Transaction, user: UserEntity): Promise<void> {
    await transaction.createQueryBuilder().insert().into(UserEntity).values(user).orIgnore().execute();
    const added = await transaction.findOneBy(UserEntity, { userId: user.userId });
    if (added?.email !== user.email) {
      throw conflict(
        ProblemCode.emailTaken,
        'There is an account with this e-mail address already; log in, or use another address.',
      );
    }
  }
}
