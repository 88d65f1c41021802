import { Injectable } from '@nestjs/common';
import { IdPrefix, ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { ApiKeyRepository, FirstAccount, hashPassword, normalEmail, Role, UserEntity } from '../../auth/index.js';
import { InvitationRepository } from '../invitations/invitation.repository.js';
import { AccountRepository, type Place } from './account.repository.js';
import type { RegisterDto, RegisteredDto } from './registration.dto.js';
import { SetupCode } from './setup-code.js';

/** Creates an account: the first one together with the relay's first organisation, later ones as `PIZZAPI_REGISTRATION` allows. */
@Injectable()
export class RegisterAccount {
  constructor(
    private readonly config: RelayConfig,
    private readonly database: Database,
    private readonly firstAccount: FirstAccount,
    private readonly setupCode: SetupCode,
    private readonly accounts: AccountRepository,
    private readonly invitations: InvitationRepository,
    private readonly keys: ApiKeyRepository,
    private readonly bus: EventBus,
  ) {}

  /** @throws ProblemError `email_taken`, `registration_closed`, `invitation_invalid`, `setup_code_invalid` */
  async run(request: RegisterDto, operationId: string): Promise<RegisteredDto> {
    const user = await newUser(request, operationId);
    const { membership, isFirst, apiKey } = await this.database.write(async (transaction) => {
      const isFirst = await this.firstAccount.claim(transaction, {
        userId: user.userId,
        organisationId: IdPrefix.organisation + operationId,
      });
      const place = isFirst
        ? this.admitFirst(request, operationId)
        : await this.admit(transaction, request, user, operationId);
      const membership = await this.accounts.add(transaction, user, place);
      const { organisationId } = membership;
      if (isFirst) await this.keys.adopt(transaction, { ownerId: user.userId, organisationId });
      const { key } = await this.keys.create(transaction, {
        operationId,
        name: 'First key',
        ownerId: user.userId,
        organisationId,
      });
      return { membership, isFirst, apiKey: key };
    });
    await this.bus.publish('account.created', {
      userId: user.userId,
      organisationId: membership.organisationId,
      isFirst,
    });
    const { organisationId: id, role } = membership;
    return { user: { id: user.userId, name: user.name, email: user.email }, organisation: { id, role }, apiKey };
  }

  private admitFirst(request: RegisterDto, operationId: string): Place {
    this.setupCode.check(request.setupCode);
    return ownOrganisation(operationId);
  }

  private async admit(
    transaction: Transaction,
    request: RegisterDto,
    user: UserEntity,
    operationId: string,
  ): Promise<Place> {
    const { registration } = this.config;
    if (request.invitation !== undefined && registration !== 'closed') {
      const { organisationId, role } = await this.invitations.accept(transaction, request.invitation, user);
      return { organisationId, role, isNew: false };
    }
    if (registration === 'open') return ownOrganisation(operationId);
    const how =
      registration === 'invite' ? 'ask an administrator for an invitation link' : 'ask the operator of this relay';
    throw new ProblemError(
      403,
      ProblemCode.registrationClosed,
      `This relay does not take new accounts by itself; ${how}.`,
    );
  }
}

/** Derives the id from the operation, so that a registration repeated after a crash does not create a second account. */
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

function ownOrganisation(operationId: string): Place {
  return { organisationId: IdPrefix.organisation + operationId, role: Role.owner, isNew: true };
}
