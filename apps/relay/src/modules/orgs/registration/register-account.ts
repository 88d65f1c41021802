import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode } from '@pizzapi/protocol';
import type { EntityManager } from 'typeorm';
import { RelayConfig } from '../../../config/config.js';
import { Database } from '../../../platform/database/database.js';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { ApiKeyRepository, FirstAccount, hashPassword, MemberEntity, normalEmail, Role, UserEntity } from '../../auth/index.js';
import { InvitationRepository } from '../invitations/invitation.repository.js';
import { OrganisationEntity } from '../organisation.entity.js';
import type { RegisterDto, RegisteredDto } from './registration.dto.js';
import { SetupCode } from './setup-code.js';

interface Membership {
  organisationId: string;
  role: Role;
}

/** Makes an account: the first one with the relay's first organisation, later ones by `PIZZAPI_REGISTRATION`. */
@Injectable()
export class RegisterAccount {
  constructor(
    private readonly config: RelayConfig,
    private readonly database: Database,
    private readonly firstAccount: FirstAccount,
    private readonly setupCode: SetupCode,
    private readonly invitations: InvitationRepository,
    private readonly keys: ApiKeyRepository,
    private readonly bus: EventBus,
  ) {}

  /** @throws ProblemError `email_taken`, `registration_closed`, `invitation_invalid`, `setup_code_invalid` */
  async run(request: RegisterDto, operationId: string): Promise<RegisteredDto> {
    const user = await newUser(request, operationId);
    const { membership, isFirst, apiKey } = await this.database.write(async (manager) => {
      const isFirst = await this.firstAccount.claim(manager, { userId: user.userId, organisationId: IdPrefix.organisation + operationId });
      const place = isFirst ? this.admitFirst(request, operationId) : await this.admit(manager, request, user, operationId);
      await addUser(manager, user);
      const membership = await join(manager, user, place);
      const { organisationId } = membership;
      if (isFirst) await this.keys.adopt(manager, { ownerId: user.userId, organisationId });
      const { key } = await this.keys.create(manager, { operationId, name: 'First key', ownerId: user.userId, organisationId });
      return { membership, isFirst, apiKey: key };
    });
    await this.bus.publish('account.created', { userId: user.userId, organisationId: membership.organisationId, isFirst });
    const { organisationId: id, role } = membership;
    return { user: { id: user.userId, name: user.name, email: user.email }, organisation: { id, role }, apiKey };
  }

  private admitFirst(request: RegisterDto, operationId: string): Membership & { isNew: boolean } {
    this.setupCode.check(request.setupCode);
    return ownOrganisation(operationId);
  }

  private async admit(manager: EntityManager, request: RegisterDto, user: UserEntity, operationId: string): Promise<Membership & { isNew: boolean }> {
    const { registration } = this.config;
    if (request.invitation !== undefined && registration !== 'closed') {
      const { organisationId, role } = await this.invitations.accept(manager, request.invitation, user);
      return { organisationId, role, isNew: false };
    }
    if (registration === 'open') return ownOrganisation(operationId);
    const how = registration === 'invite' ? 'ask a member for an invitation link' : 'ask the operator of this relay';
    throw new ProblemError(403, ProblemCode.registrationClosed, `This relay does not take new accounts by itself; ${how}.`);
  }
}

/** The end of every id is the operation's, so a registration that is tried again after a crash makes no second account. */
async function newUser(request: RegisterDto, operationId: string): Promise<UserEntity> {
  const email = normalEmail(request.email);
  return Object.assign(new UserEntity(), {
    userId: IdPrefix.user + operationId,
    name: request.name?.trim() || email.slice(0, email.lastIndexOf('@')),
    email,
    passwordHash: await hashPassword(request.password),
    createdAt: new Date(),
  });
}

function ownOrganisation(operationId: string): Membership & { isNew: boolean } {
  return { organisationId: IdPrefix.organisation + operationId, role: Role.owner, isNew: true };
}

/** @throws ProblemError `email_taken`, decided by the unique index, so that two at once cannot both pass */
async function addUser(manager: EntityManager, user: UserEntity): Promise<void> {
  await manager.createQueryBuilder().insert().into(UserEntity).values(user).orIgnore().execute();
  const added = await manager.findOneBy(UserEntity, { userId: user.userId });
  if (added?.email !== user.email) {
    throw conflict(ProblemCode.emailTaken, 'There is an account with this e-mail address already; log in, or use another address.');
  }
}

async function join(manager: EntityManager, user: UserEntity, place: Membership & { isNew: boolean }): Promise<Membership> {
  const { isNew, ...membership } = place;
  const now = new Date();
  if (isNew) {
    const organisation = { organisationId: membership.organisationId, name: `${user.name}'s organisation`, createdAt: now };
    await manager.save(manager.create(OrganisationEntity, organisation));
  }
  await manager.save(manager.create(MemberEntity, { userId: user.userId, ...membership, joinedAt: now }));
  return membership;
}
