import { Service, inject } from '@angular/core';
import {
  type CreateInvitationDto,
  type InvitationDto,
  type MemberDto,
  createInvitation,
  deleteInvitation,
  listInvitations,
  listMembers,
} from '@pizzapi/api-client';
import { isInvitation, isMember, isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type Member = MemberDto;
export type Invitation = InvitationDto;
/** Whom one can invite as; an organisation has one owner, who is not invited. */
export type InvitableRole = NonNullable<CreateInvitationDto['role']>;

/** An invitation just made: `url` is the link to hand over, shown this once. */
export type NewInvitation = Invitation & { url: string };

const PAGE_SIZE = 50;
const isMemberPage = isPageAnswer('members', isMember);
const isInvitationPage = isPageAnswer('invitations', isInvitation);

/** People of the organisation and invitations to it. */
@Service()
export class MembersApi {
  private readonly relay = inject(RelayClient);

  async members(cursor?: string): Promise<PageOf<'members', Member>> {
    return expected(
      (await listMembers({ ...this.relay.options, query: { limit: PAGE_SIZE, cursor } })).data,
      isMemberPage,
    );
  }

  async invitations(cursor?: string): Promise<PageOf<'invitations', Invitation>> {
    return expected(
      (await listInvitations({ ...this.relay.options, query: { limit: PAGE_SIZE, cursor } })).data,
      isInvitationPage,
    );
  }

  async invite(body: CreateInvitationDto): Promise<NewInvitation> {
    const { data } = await createInvitation({ ...this.relay.options, body });
    // Only a replayed answer leaves it out, and a fresh idempotency key never gets one.
    return { ...expected(data, isInvitation), url: data.url ?? '' };
  }

  async revokeInvitation(invitationId: string): Promise<void> {
    await deleteInvitation({ ...this.relay.options, path: { invitationId } });
  }
}
