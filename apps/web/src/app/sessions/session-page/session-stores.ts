import { ApplicationRef, Service, inject } from '@angular/core';
import { SessionsApi } from '../../core/api/sessions-api';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { perFrame, type Schedule } from '../../core/realtime/session-feed-frames';
import { viewerPort } from '../../core/realtime/session-feed-port';
import { SessionStore } from './session-store';

/** Sessions left not long ago stay in memory with their cursor: switching back is instant and goes on without a gap. */
const KEPT = 3;

@Service()
export class SessionStores {
  private readonly api = inject(SessionsApi);
  private readonly port = viewerPort(inject(RelayConnection));
  private readonly app = inject(ApplicationRef);
  /** Rendered within the frame that brought the events: the page is laid out once for both. */
  private readonly schedule: Schedule = (task) =>
    perFrame(() => {
      task();
      this.app.tick();
    });
  private readonly stores = new Map<string, SessionStore>();

  open(sessionId: string): SessionStore {
    const store = this.stores.get(sessionId) ?? new SessionStore(sessionId, this.api, this.port, this.schedule);
    // Taken out first, so that the map's order is by use.
    this.stores.delete(sessionId);
    this.stores.set(sessionId, store);
    store.open();
    return store;
  }

  close(store: SessionStore): void {
    store.close();
    for (const [sessionId, kept] of this.stores) {
      if (this.stores.size <= KEPT) break;
      if (kept !== store) this.stores.delete(sessionId);
    }
  }
}
