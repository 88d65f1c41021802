import { Service, inject } from '@angular/core';
import type { Role } from './account-api';
import { Rest } from './rest';

export interface Member {
  userId: string;
  name: string;
  email: string;
  role: Role;
  joinedAt: string;
}

export interface Invitation {
  id: string;
  email: string | null;
  role: Role;
  createdAt: string;
  expiresAt: string;
}

/** An invitation just made: `url` is the link to hand over, shown this once. */
export interface NewInvitation extends Invitation {
  url: string;
}

/** People of the organisation and invitations to it. */
@Service()
export class MembersApi {
  private readonly rest = inject(Rest);

  members(): Promise<{ members: Member[] }> {
    return this.rest.get('members', { limit: 200 });
  }

  invitations(): Promise<{ invitations: Invitation[] }> {
    return this.rest.get('invitations', { limit: 200 });
  }

  invite(request: { email?: string; role: Role }): Promise<NewInvitation> {
    return this.rest.post('invitations', request);
  }

  revokeInvitation(id: string): Promise<void> {
    return this.rest.delete(`invitations/${id}`);
  }
}
