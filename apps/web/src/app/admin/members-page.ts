import { Component, computed, inject, input, signal } from '@angular/core';
import { LucideUserPlus } from '@lucide/angular';
import { asProblem } from '../core/api/api-problem';
import { type Invitation, type Member, MembersApi, type NewInvitation } from '../core/api/members-api';
import { PagedList } from '../core/paged-list';
import { loadAllFor, TableView } from '../core/table-view';
import { Toasts } from '../core/toasts';
import { Avatar } from '../ui/avatar';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { MadeOnce } from '../ui/made-once';
import { MoreItems } from '../ui/more-items';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { TableFilter } from '../ui/table-filter';
import { InviteForm } from './invite-form';

/** Who is in the organisation, and who was asked in. */
@Component({
  selector: 'pz-members-page',
  imports: [
    Avatar,
    Badge,
    Button,
    ConfirmDialog,
    EmptyState,
    ErrorState,
    InviteForm,
    LucideUserPlus,
    MadeOnce,
    MoreItems,
    RelativeTime,
    Skeleton,
    SortHeader,
    TableFilter,
  ],
  templateUrl: './members-page.html',
  styleUrl: './members-page.css',
})
export class MembersPage {
  /** Of the address. */
  readonly sort = input<string>();
  readonly q = input<string>();
  private readonly api = inject(MembersApi);
  private readonly toasts = inject(Toasts);
  protected readonly members = new PagedList<Member>(async (cursor) => {
    const { members, nextCursor } = await this.api.members(cursor);
    return { items: members, nextCursor };
  });
  protected readonly invitations = new PagedList<Invitation>(async (cursor) => {
    const { invitations, nextCursor } = await this.api.invitations(cursor);
    return { items: invitations, nextCursor };
  });
  protected readonly table = new TableView(
    this.members.items,
    this,
    {
      name: ({ name }) => name,
      email: ({ email }) => email,
      role: ({ role }) => role,
      joined: ({ joinedAt }) => joinedAt,
    },
    ({ name, email, role }) => `${name} ${email} ${role}`,
  );
  protected readonly problem = computed(() => this.members.problem() ?? this.invitations.problem());
  protected readonly isInviting = signal(false);
  protected readonly made = signal<NewInvitation | null>(null);
  protected readonly revoking = signal<Invitation | null>(null);
  protected readonly isBusy = signal(false);

  constructor() {
    loadAllFor(this.table, this.members);
    this.reload();
  }

  protected onMade(invitation: NewInvitation): void {
    this.isInviting.set(false);
    this.made.set(invitation);
    void this.invitations.reload();
  }

  protected reload(): void {
    void this.members.reload();
    void this.invitations.reload();
  }

  protected async revoke(invitation: Invitation): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.api.revokeInvitation(invitation.id);
      if (this.made()?.id === invitation.id) this.made.set(null);
      this.revoking.set(null);
      void this.invitations.reload();
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
