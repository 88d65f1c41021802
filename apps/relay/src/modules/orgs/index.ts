export { InvitationEntity } from './invitations/invitation.entity.js';
export { OrganisationEntity } from './organisation.entity.js';
export { OrgsModule } from './orgs.module.js';
