import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { SessionsApi } from '../../core/api/sessions-api';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { Toasts } from '../../core/toasts';
import { SessionsStore } from '../sessions-store';
import type { SessionStore } from './session-store';
import { SessionStores } from './session-stores';

/** A page's session: watched once it is opened, read again after each reconnect; or the reason why it can’t be shown. */
@Injectable()
export class OpenedSession {
  private readonly api = inject(SessionsApi);
  private readonly stores = inject(SessionStores);
  private readonly sessions = inject(SessionsStore);
  private readonly connection = inject(RelayConnection);
  private readonly toasts = inject(Toasts);
  private readonly destroyRef = inject(DestroyRef);

  private readonly opened = signal<SessionStore | null>(null);
  private readonly failure = signal<ApiProblem | null>(null);

  readonly store = this.opened.asReadonly();
  readonly problem = computed(() => this.opened()?.gone()?.detail ?? this.failure()?.message ?? null);
  /** There is no such session, so a retry is useless. */
  readonly isMissing = computed(() => this.opened()?.gone()?.code === 'not_found' || this.failure()?.status === 404);
  /** The id of the failed request, for the relay's operator; none if there is nothing to look up. */
  readonly reference = computed(() =>
    this.opened()?.gone() || this.isMissing() ? undefined : this.failure()?.requestId,
  );

  /** Undefined: nothing is known of it yet. */
  private readonly isAttached = computed(() => this.sessions.session(this.opened()?.sessionId ?? '')?.isConnected);

  constructor() {
    effect(() => {
      this.connection.epoch();
      const store = this.opened();
      if (store !== null) untracked(() => void this.read(store));
    });
    effect(() => {
      const store = this.opened();
      const isAttached = this.isAttached();
      if (isAttached !== undefined) untracked(() => store?.attached(isAttached));
    });
  }

  open(sessionId: string): void {
    const store = this.stores.open(sessionId);
    this.opened.set(store);
    this.destroyRef.onDestroy(() => this.stores.close(store));
  }

  async readAgain(): Promise<void> {
    const store = this.opened();
    this.failure.set(null);
    if (store !== null) await this.read(store);
  }

  /** Does something with the session; a failure becomes a toast. @returns whether it was done */
  async attempt(act: (store: SessionStore) => Promise<void>): Promise<boolean> {
    const store = this.opened();
    if (store === null) return false;
    try {
      await act(store);
      return true;
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
      return false;
    }
  }

  private async read(store: SessionStore): Promise<void> {
    try {
      const session = await this.api.get(store.sessionId);
      this.sessions.apply(session);
      store.applySnapshot(session);
      this.failure.set(null);
    } catch (error) {
      const problem = asProblem(error);
      // While the relay is unreachable, what is on the screen stays; the connection line says so.
      if (problem.status !== 0 || this.sessions.session(store.sessionId) === undefined) this.failure.set(problem);
    }
  }
}
