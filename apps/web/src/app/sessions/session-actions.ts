import { Service, inject } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';
import { asProblem } from '../core/api/api-problem';
import { SessionsApi } from '../core/api/sessions-api';
import { Toasts } from '../core/toasts';
import { sessionName } from './session-state';
import { SessionsStore } from './sessions-store';

/** What a person can do with a session from anywhere: the rail, its page, the palette. Failures become toasts. */
@Service()
export class SessionActions {
  private readonly api = inject(SessionsApi);
  private readonly store = inject(SessionsStore);
  private readonly toasts = inject(Toasts);

  togglePin(session: SessionView): Promise<void> {
    const isPinned = !session.isPinned;
    this.store.apply({ ...session, isPinned });
    return this.attempt(
      () => this.api.setPinned(session.sessionId, isPinned),
      () => this.store.apply(session),
    );
  }

  /**
   * Once the time to undo is over.
   * @param withChildren also all that stands below it; otherwise they go on without it
   */
  stop(session: SessionView, withChildren = false): void {
    const verb = session.status === 'pending' ? 'Cancelling' : 'Ending';
    this.toasts.undoable(
      `${verb} “${sessionName(session)}”${withChildren ? ' with its children' : ''}`,
      () =>
        void this.attempt(() => (withChildren ? this.api.stop(session.sessionId, true) : this.stopIfThere(session))),
      () => undefined,
    );
  }

  resume(session: SessionView): Promise<void> {
    return this.attempt(() => this.api.resume(session.sessionId));
  }

  rename(session: SessionView, name: string): Promise<void> {
    this.store.apply({ ...session, name });
    return this.attempt(
      () => this.api.rename(session.sessionId, name),
      () => this.store.apply(session),
    );
  }

  /** A session that was deleted within the time to undo has ended by that. */
  private async stopIfThere({ sessionId }: SessionView): Promise<void> {
    try {
      await this.api.stop(sessionId);
    } catch (error) {
      if (asProblem(error).status !== 404) throw error;
    }
  }

  private async attempt(act: () => Promise<unknown>, takeBack?: () => void): Promise<void> {
    try {
      await act();
    } catch (error) {
      takeBack?.();
      this.toasts.fail(asProblem(error).message);
    }
  }
}
