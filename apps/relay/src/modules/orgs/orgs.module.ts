import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { AgentPolicies } from './agent-policy/agent-policies.js';
import { AgentPolicyController } from './agent-policy/agent-policy.controller.js';
import { InvitationRepository } from './invitations/invitation.repository.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { MemberRepository } from './members/member.repository.js';
import { MembersController } from './members/members.controller.js';
import { AccountRepository } from './registration/account.repository.js';
import { RegisterAccount } from './registration/register-account.js';
import { RegistrationController } from './registration/registration.controller.js';
import { SetupCode } from './registration/setup-code.js';

/** Organisations: members, invitations, registration, and the policy for their agents. */
@Module({
  imports: [AuthModule],
  controllers: [AgentPolicyController, InvitationsController, MembersController, RegistrationController],
  providers: [AgentPolicies, AccountRepository, InvitationRepository, MemberRepository, RegisterAccount, SetupCode],
  exports: [AgentPolicies],
})
export class OrgsModule {}
