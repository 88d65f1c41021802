import { Component, computed, inject } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { SessionDeletion } from './session-deletion';
import { isLive, sessionName } from './session-state';
import { SessionsStore } from './sessions-store';

/** Asks before a session is deleted: which one, what goes with it and what stays. Renders nothing while no deletion is asked for. */
@Component({
  selector: 'pz-delete-session-dialog',
  imports: [ConfirmDialog],
  template: `
    @if (session()) {
      <pz-confirm-dialog
        [heading]="'Delete “' + name() + '”?'"
        [text]="text()"
        action="Delete"
        [isBusy]="deletion.isUnderWay()"
        (confirmed)="deletion.confirm()"
        (cancelled)="deletion.cancel()"
      />
    }
  `,
})
export class DeleteSessionDialog {
  protected readonly deletion = inject(SessionDeletion);
  private readonly store = inject(SessionsStore);
  /** Its current state: it may have ended while the dialog was open. */
  protected readonly session = computed(() => {
    const asked = this.deletion.asked();
    return asked && (this.store.session(asked.sessionId) ?? asked);
  });
  protected readonly name = computed(() => {
    const session = this.session();
    return session ? sessionName(session) : '';
  });
  protected readonly text = computed(() => {
    const session = this.session();
    return `${session ? agentSentence(session) : ''}The conversation and the files attached to it are deleted for good. Child sessions and forks stay, but forks no longer show those files. What the agent changed in its folder stays, too.`;
  });
}

function agentSentence(session: SessionView): string {
  if (!isLive(session)) return '';
  return session.status === 'pending' ? 'It will not start. ' : 'Its agent is stopped. ';
}
