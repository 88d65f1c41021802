import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { InvitationRepository } from './invitations/invitation.repository.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { MemberRepository } from './members/member.repository.js';
import { MembersController } from './members/members.controller.js';
import { AccountRepository } from './registration/account.repository.js';
import { RegisterAccount } from './registration/register-account.js';
import { RegistrationController } from './registration/registration.controller.js';
import { SetupCode } from './registration/setup-code.js';

/** Organisations, their members, and how people come into them. */
@Module({
  imports: [AuthModule],
  controllers: [InvitationsController, MembersController, RegistrationController],
  providers: [AccountRepository, InvitationRepository, MemberRepository, RegisterAccount, SetupCode],
})
export class OrgsModule {}
