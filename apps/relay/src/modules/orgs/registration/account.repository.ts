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

/** The organisation of a new account, and whether it has to be created. */
export interface Place extends Membership {
  isNew: boolean;
}

/** Creates users with their membership. Repeating this with the same ids, after a crash, changes nothing. */
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

  /** Relies on the unique index, so that of two concurrent registrations only one succeeds. */
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
