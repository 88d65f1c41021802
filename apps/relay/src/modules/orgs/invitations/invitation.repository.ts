import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode } from '@pizzapi/protocol';
import { type EntityManager, IsNull, LessThan, MoreThan } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { ProblemError } from '../../../platform/http/problem.error.js';
import type { Role } from '../../auth/index.js';
import { InvitationEntity } from './invitation.entity.js';

const LIFETIME_MS = 7 * 24 * 3_600_000;

@Injectable()
export class InvitationRepository {
  constructor(private readonly database: Database) {}

  /** @returns the row and the token, of which only the hash is stored */
  async create(wanted: {
    operationId: string;
    organisationId: string;
    invitedBy: string;
    email: string | null;
    role: Role;
  }): Promise<{ entity: InvitationEntity; token: string }> {
    const { operationId, ...given } = wanted;
    const token = randomBytes(32).toString('base64url');
    const now = Date.now();
    const entity = await this.database.write((manager) =>
      manager.save(
        manager.create(InvitationEntity, {
          ...given,
          invitationId: IdPrefix.invitation + operationId,
          hash: hashOf(token),
          createdAt: new Date(now),
          expiresAt: new Date(now + LIFETIME_MS),
          acceptedBy: null,
        }),
      ),
    );
    return { entity, token };
  }

  /** A page of open invitations, newest first. */
  async page(organisationId: string, before: string | null, limit: number): Promise<InvitationEntity[]> {
    return this.database.read.find(InvitationEntity, {
      where: {
        organisationId,
        acceptedBy: IsNull(),
        expiresAt: MoreThan(new Date()),
        ...(before === null ? {} : { invitationId: LessThan(before) }),
      },
      order: { invitationId: 'DESC' },
      take: limit,
    });
  }

  /** @returns false if it is unknown, belongs to another organisation, or was accepted */
  async remove(invitationId: string, organisationId: string): Promise<boolean> {
    const { affected } = await this.database.write((manager) =>
      manager.delete(InvitationEntity, { invitationId, organisationId, acceptedBy: IsNull() }),
    );
    return affected === 1;
  }

  /**
   * Accepts an invitation, in the transaction that creates the member.
   * @throws ProblemError `invitation_invalid` if it is unknown, used, expired, or for another address
   */
  async accept(
    manager: EntityManager,
    token: string,
    guest: { userId: string; email: string },
  ): Promise<InvitationEntity> {
    const found = await manager.findOneBy(InvitationEntity, { hash: hashOf(token) });
    if (found && found.expiresAt > new Date() && (found.email === null || found.email === guest.email)) {
      // The same registration, repeated after a crash.
      if (found.acceptedBy === guest.userId) return found;
      const open = { invitationId: found.invitationId, acceptedBy: IsNull() };
      // The condition lets only one of two concurrent uses succeed.
      if ((await manager.update(InvitationEntity, open, { acceptedBy: guest.userId })).affected === 1) return found;
    }
    throw new ProblemError(
      403,
      ProblemCode.invitationInvalid,
      'This invitation was used, has expired, or is for another address; ask for a new one.',
    );
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
