import { Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';
import { SessionsApi } from '../core/api/sessions-api';
import { isSessionRemoval, isSessionUpdate } from '../core/realtime/message-shapes';
import { RelayConnection } from '../core/realtime/relay-connection';
import { PAGE_SIZE, SessionPages } from './session-pages';

const SEARCH_PAUSE_MS = 150;
/** More agents than one person watches. */
const MAX_ACTIVE = 1000;

/** The caller's sessions: read by REST after every (re)connect, kept fresh by the hub. */
@Service()
export class SessionsStore {
  private readonly api = inject(SessionsApi);
  private readonly connection = inject(RelayConnection);
  private readonly all = new SessionPages((cursor, signal) => this.api.list({ limit: PAGE_SIZE, cursor }, signal));
  private readonly found = new SessionPages((cursor, signal) =>
    this.api.list({ q: this.search(), limit: PAGE_SIZE, cursor }, signal),
  );
  private readonly search = signal('');
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  readonly query = this.search.asReadonly();
  /** What the rail shows: everything, or the search's results. */
  private readonly shown = computed(() => (this.search() === '' ? this.all : this.found));
  readonly sessions = computed(() => this.shown().byId());
  readonly isLoading = computed(() => this.shown().isLoading());
  readonly isLoaded = computed(() => this.shown().isLoaded());
  readonly problem = computed(() => this.shown().problem());
  readonly hasMore = computed(() => this.shown().hasMore());
  /** When the list was last read: the age of what is shown offline. */
  readonly loadedAt = this.all.loadedAt;
  /** There are no sessions at all yet, whatever is searched for. */
  readonly isFirstTime = computed(() => this.isRead() && this.all.byId().size === 0);
  /** For the whole list, whatever is searched for. */
  readonly isRead = computed(() => this.all.isLoaded());
  /** Why there is no list at all. */
  readonly missing = computed(() => (this.isRead() ? null : this.all.problem()));
  readonly everything = computed(() => this.all.byId());
  /** There are older ones that were not read yet. */
  readonly hasOlder = computed(() => this.all.hasMore());

  constructor() {
    this.connection.onNews('session:updated', isSessionUpdate, ({ session }) => this.apply(session));
    this.connection.onNews('session:removed', isSessionRemoval, ({ sessionId }) => this.forget(sessionId));
    effect(() => {
      this.connection.epoch();
      untracked(() => void this.reload());
    });
  }

  /** A session of the list as a signal; undefined while unknown. */
  session(sessionId: string): SessionView | undefined {
    return this.all.byId().get(sessionId) ?? this.found.byId().get(sessionId);
  }

  setQuery(query: string): void {
    const wanted = query.trim();
    if (wanted === this.search()) return;
    clearTimeout(this.searchTimer);
    if (wanted === '') {
      this.found.cancel();
      this.search.set('');
      return;
    }
    this.searchTimer = setTimeout(() => {
      this.search.set(wanted);
      void this.found.reload();
    }, SEARCH_PAUSE_MS);
  }

  async reload(): Promise<void> {
    const searching = this.search() === '' ? undefined : this.found.reload();
    await Promise.all([this.all.reload(), searching]);
    if (this.all.hasMore()) await this.loadActive();
  }

  loadMore(): void {
    void this.shown().loadMore();
  }

  /** A newer view of a session, from the hub or from an answer. */
  apply(session: SessionView): void {
    this.all.upsert(session);
    this.found.refresh(session);
  }

  /** Sessions that run or wait for a person are always listed, however old: home and “Needs you” must not miss any. */
  private async loadActive(): Promise<void> {
    const active = new SessionPages((cursor, signal) =>
      this.api.list({ status: 'active', limit: PAGE_SIZE, cursor }, signal),
    );
    await active.reload();
    while (active.hasMore() && active.problem() === null && active.byId().size < MAX_ACTIVE) await active.loadMore();
    this.all.upsert(...active.byId().values());
  }

  /** The session is gone. */
  forget(sessionId: string): void {
    this.all.remove(sessionId);
    this.found.remove(sessionId);
  }
}
