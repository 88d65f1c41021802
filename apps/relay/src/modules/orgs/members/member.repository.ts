import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { MemberEntity, type Role, UserEntity } from '../../auth/index.js';

export interface Member {
  userId: string;
  name: string;
  email: string;
  role: Role;
  joinedAt: Date;
}

@Injectable()
export class MemberRepository {
  constructor(private readonly database: Database) {}

  /** @param email in the stored form, in lower case */
  async has(organisationId: string, email: string): Promise<boolean> {
    const user = await this.database.read.findOneBy(UserEntity, { email });
    return user !== null && this.database.read.existsBy(MemberEntity, { organisationId, userId: user.userId });
  }

  /** A page of members, earliest account first. */
  async page(organisationId: string, after: string | null, limit: number): Promise<Member[]> {
    const members = await this.database.read.find(MemberEntity, {
      where: { organisationId, ...(after === null ? {} : { userId: MoreThan(after) }) },
      order: { userId: 'ASC' },
      take: limit,
    });
    const users = await this.database.read.findBy(UserEntity, { userId: In(members.map(({ userId }) => userId)) });
    const byId = new Map(users.map((user) => [user.userId, user]));
    return members.flatMap(({ userId, role, joinedAt }) => {
      const user = byId.get(userId);
      return user ? [{ userId, name: user.name, email: user.email, role, joinedAt }] : [];
    });
  }
}
