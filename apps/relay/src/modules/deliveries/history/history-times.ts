import { LRUCache } from 'lru-cache';

/** How far the time that a history is kept for may lag behind its last entry: a minute more or less is none in a day, and each time costs a command. */
const LAG_MS = 60_000;
const MAX_KNOWN = 10_000;

/** When the time of each session's history last began anew. */
export class HistoryTimes {
  private readonly begunAt = new LRUCache<string, number>({ max: MAX_KNOWN });

  /** Whether it is to begin anew now. */
  isDue(sessionId: string): boolean {
    const now = performance.now();
    if (now - (this.begunAt.get(sessionId) ?? -Infinity) < LAG_MS) return false;
    this.begunAt.set(sessionId, now);
    return true;
  }
}
