import { Injectable, type Signal, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';
import { SessionsApi } from '../../../core/api/sessions-api';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { isLive } from '../../session-state';
import { SessionsStore } from '../../sessions-store';

/** More ancestors than a session can have: ends the walk up in any case. */
const MAX_ANCESTORS = 40;

/** The sessions above and below the open one. What the list does not hold yet is read by REST; the hub keeps it fresh. */
@Injectable()
export class SessionFamily {
  private readonly api = inject(SessionsApi);
  private readonly sessions = inject(SessionsStore);
  private readonly connection = inject(RelayConnection);
  private readonly sessionId = signal<Signal<string> | null>(null);
  private readonly id = computed(() => this.sessionId()?.() ?? '');

  /** Its ancestors, from the root down to its parent. */
  readonly ancestors = computed(() => {
    const found: SessionView[] = [];
    let above = this.sessions.session(this.id())?.parentSessionId;
    while (above != null && found.length < MAX_ANCESTORS) {
      const session = this.sessions.session(above);
      if (!session) break;
      found.unshift(session);
      above = session.parentSessionId;
    }
    return found;
  });
  readonly parent = computed(() => this.ancestors().at(-1));
  /** The oldest first. */
  readonly children = computed(() =>
    [...this.sessions.everything().values()]
      .filter(({ parentSessionId }) => parentSessionId === this.id())
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
  );
  readonly openCount = computed(() => this.children().filter(isLive).length);

  /** The nearest ancestor that is not loaded yet. */
  private readonly missing = computed(() => {
    const top = this.ancestors()[0] ?? this.sessions.session(this.id());
    return top?.parentSessionId ?? null;
  });

  constructor() {
    effect(() => {
      this.connection.epoch();
      const id = this.id();
      if (id !== '') untracked(() => void this.read(() => this.api.children(id)));
    });
    effect(() => {
      const id = this.missing();
      if (id !== null) untracked(() => void this.read(async () => [await this.api.get(id)]));
    });
  }

  /** Whose family it is. */
  of(sessionId: Signal<string>): void {
    this.sessionId.set(sessionId);
  }

  /** A failure is not shown: the next connection reads again, and news of it arrive anyway. */
  private async read(load: () => Promise<SessionView[]>): Promise<void> {
    const found = await load().catch(() => []);
    for (const session of found) this.sessions.apply(session);
  }
}
