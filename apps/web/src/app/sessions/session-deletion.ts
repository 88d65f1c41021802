import { inject, Service, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { asProblem } from '../core/api/api-problem';
import { SessionsApi } from '../core/api/sessions-api';
import { isSessionRemoval } from '../core/realtime/message-shapes';
import { RelayConnection } from '../core/realtime/relay-connection';
import { Toasts } from '../core/toasts';
import { sessionName } from './session-state';
import { SessionsStore } from './sessions-store';

/** The one way to delete a session, from anywhere. It asks first, since a deletion cannot be undone. */
@Service()
export class SessionDeletion {
  private readonly api = inject(SessionsApi);
  private readonly store = inject(SessionsStore);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  private readonly wanted = signal<SessionView | null>(null);
  private readonly underWay = signal(false);

  /** What the person is asked about. */
  readonly asked = this.wanted.asReadonly();
  readonly isUnderWay = this.underWay.asReadonly();

  constructor() {
    // Often before the answer. The dialog goes together with the row, so that the list finds the focus free and keeps it.
    inject(RelayConnection).onNews('session:removed', isSessionRemoval, ({ sessionId }) => {
      if (this.wanted()?.sessionId === sessionId) this.wanted.set(null);
    });
  }

  ask(session: SessionView): void {
    if (!this.underWay()) this.wanted.set(session);
  }

  /** Ignored while the deletion is under way: it can no longer be called off. */
  cancel(): void {
    if (!this.underWay()) this.wanted.set(null);
  }

  async confirm(): Promise<void> {
    const session = this.wanted();
    if (session === null || this.underWay()) return;
    this.underWay.set(true);
    try {
      await this.api.remove(session.sessionId);
      // Before the row goes, for the same reason as above.
      this.wanted.set(null);
      this.store.forget(session.sessionId);
      this.toasts.show(`Deleted “${sessionName(session)}”`);
      if (this.router.url.startsWith(`/s/${session.sessionId}`)) await this.router.navigateByUrl('/');
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.underWay.set(false);
      this.wanted.set(null);
    }
  }
}
