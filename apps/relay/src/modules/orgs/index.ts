export { AgentPolicies } from './agent-policy/agent-policies.js';
export { AgentPolicyEntity } from './agent-policy/agent-policy.entity.js';
export { InvitationEntity } from './invitations/invitation.entity.js';
export { OrganisationEntity } from './organisation.entity.js';
export { OrgsModule } from './orgs.module.js';
