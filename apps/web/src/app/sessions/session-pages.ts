import { computed, signal } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';
import { type ApiProblem, asProblem, isRefusedCursor } from '../core/api/api-problem';
import type { SessionPageAnswer } from '../core/api/sessions-api';

export const PAGE_SIZE = 200;
type FetchPage = (cursor: string | undefined, signal: AbortSignal) => Promise<SessionPageAnswer>;

/** A list of sessions read page by page, kept fresh by deltas. A reload keeps as many pages as were loaded. */
export class SessionPages {
  private readonly entities = signal<ReadonlyMap<string, SessionView>>(new Map());
  private readonly cursor = signal<string | undefined>(undefined);
  private readonly failure = signal<ApiProblem | null>(null);
  private readonly loading = signal(false);
  private readonly readAt = signal<Date | null>(null);
  /** Sessions removed while a page was being fetched, which may still list them. */
  private readonly gone = new Set<string>();
  private current = new AbortController();

  readonly byId = this.entities.asReadonly();
  readonly isLoading = this.loading.asReadonly();
  readonly problem = this.failure.asReadonly();
  /** When the list was last read whole; null before the first time. */
  readonly loadedAt = this.readAt.asReadonly();
  readonly isLoaded = computed(() => this.readAt() !== null);
  readonly hasMore = computed(() => this.cursor() !== undefined);

  constructor(private readonly fetchPage: FetchPage) {}

  /** Reads from the start, as many pages as were read before. The old list stays until the new one is complete. */
  async reload(): Promise<void> {
    this.current.abort();
    const wanted = Math.max(this.entities().size, 1);
    await this.run(async (signal) => {
      this.gone.clear();
      const read = new Map<string, SessionView>();
      let cursor: string | undefined;
      do {
        const page = await this.fetchPage(cursor, signal);
        for (const session of page.sessions) read.set(session.sessionId, session);
        cursor = page.nextCursor;
      } while (cursor !== undefined && read.size < wanted);
      this.replace(read);
      this.cursor.set(cursor);
      this.readAt.set(new Date());
    });
  }

  /** The next page, once. If its cursor is refused, all pages up to it, from the start. */
  async loadMore(): Promise<void> {
    const cursor = this.cursor();
    if (cursor === undefined || this.loading()) return;
    await this.run(async (signal) => {
      try {
        await this.readPage(cursor, signal);
      } catch (error) {
        if (!isRefusedCursor(error)) throw error;
        await this.readPast(this.entities().size, signal);
      }
    });
  }

  upsert(...sessions: readonly SessionView[]): void {
    for (const session of sessions) this.gone.delete(session.sessionId);
    this.merge(sessions);
  }

  /** Only if it is in the list already. */
  refresh(session: SessionView): void {
    if (this.entities().has(session.sessionId)) this.merge([session]);
  }

  remove(sessionId: string): void {
    this.gone.add(sessionId);
    this.entities.update((known) => new Map([...known].filter(([id]) => id !== sessionId)));
  }

  cancel(): void {
    this.current.abort();
  }

  private async readPage(cursor: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    const page = await this.fetchPage(cursor, signal);
    this.merge(page.sessions);
    this.cursor.set(page.nextCursor);
    return page.nextCursor;
  }

  /** From the start until more sessions are known. What is known stays, also what no page has brought. */
  private async readPast(known: number, signal: AbortSignal): Promise<void> {
    let cursor: string | undefined;
    do cursor = await this.readPage(cursor, signal);
    while (cursor !== undefined && this.entities().size <= known);
  }

  private async run(read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.current = controller;
    this.loading.set(true);
    try {
      await read(controller.signal);
      this.failure.set(null);
    } catch (error) {
      // Cancelled: a newer call took over and owns the state.
      if (controller.signal.aborted) return;
      this.failure.set(asProblem(error));
    } finally {
      if (this.current === controller) this.loading.set(false);
    }
  }

  /** What a delta brought while the pages were read is newer than the pages. */
  private replace(read: Map<string, SessionView>): void {
    const known = this.entities();
    for (const [id, session] of read) {
      if (this.gone.has(id)) read.delete(id);
      else read.set(id, newer(known.get(id), session));
    }
    this.entities.set(read);
  }

  private merge(sessions: readonly SessionView[]): void {
    this.entities.update((known) => {
      const merged = new Map(known);
      for (const session of sessions) {
        if (!this.gone.has(session.sessionId))
          merged.set(session.sessionId, newer(known.get(session.sessionId), session));
      }
      return merged;
    });
  }
}

function newer(known: SessionView | undefined, read: SessionView): SessionView {
  return known && known.updatedAt > read.updatedAt ? known : read;
}
