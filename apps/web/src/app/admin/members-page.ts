import { Component, computed, inject, resource, signal } from '@angular/core';
import { LucideUserPlus } from '@lucide/angular';
import { asProblem } from '../core/api/api-problem';
import { type Invitation, MembersApi, type NewInvitation } from '../core/api/members-api';
import { Toasts } from '../core/toasts';
import { Avatar } from '../ui/avatar';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Copyable } from '../ui/copyable';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { InviteForm } from './invite-form';

/** Who is in the organisation, and who was asked in. */
@Component({
  selector: 'pz-members-page',
  imports: [
    Avatar,
    Badge,
    Button,
    ConfirmDialog,
    Copyable,
    EmptyState,
    ErrorState,
    InviteForm,
    LucideUserPlus,
    RelativeTime,
    Skeleton,
  ],
  templateUrl: './members-page.html',
  styleUrl: './members-page.css',
})
export class MembersPage {
  private readonly api = inject(MembersApi);
  private readonly toasts = inject(Toasts);
  protected readonly members = resource({ loader: async () => (await this.api.members()).members });
  protected readonly invitations = resource({ loader: async () => (await this.api.invitations()).invitations });
  protected readonly problem = computed(() => {
    const error = this.members.error() ?? this.invitations.error();
    return error ? asProblem(error) : null;
  });
  protected readonly isInviting = signal(false);
  protected readonly made = signal<NewInvitation | null>(null);
  protected readonly revoking = signal<Invitation | null>(null);
  protected readonly isBusy = signal(false);

  protected onMade(invitation: NewInvitation): void {
    this.isInviting.set(false);
    this.made.set(invitation);
    this.invitations.reload();
  }

  protected reload(): void {
    this.members.reload();
    this.invitations.reload();
  }

  protected async revoke(invitation: Invitation): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.api.revokeInvitation(invitation.id);
      if (this.made()?.id === invitation.id) this.made.set(null);
      this.revoking.set(null);
      this.invitations.reload();
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
