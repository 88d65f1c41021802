import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { Caller, Credential } from '../caller.js';
import { MemberEntity } from './member.entity.js';
import { UserEntity } from './user.entity.js';

/** Makes a caller of a user id that a credential has proven. */
@Injectable()
export class Callers {
  constructor(private readonly database: Database) {}

  /** Null when the user is gone or in no organisation any more. */
  async find(userId: string, credential: Credential): Promise<Caller | null> {
    const [user, member] = await Promise.all([
      this.database.read.findOneBy(UserEntity, { userId }),
      this.database.read.findOne(MemberEntity, { where: { userId }, order: { joinedAt: 'ASC' } }),
    ]);
    if (!user || !member) return null;
    return {
      userId,
      name: user.name,
      email: user.email,
      organisationId: member.organisationId,
      role: member.role,
      credential,
    };
  }
}
