import { LRUCache } from 'lru-cache';

/** How often a history's expiry is extended at most. Each time costs a command, and within a day a minute does not matter. */
const LAG_MS = 60_000;
const MAX_KNOWN = 10_000;

/** When the expiry of each session's history was last extended. */
export class HistoryTimes {
  private readonly begunAt = new LRUCache<string, number>({ max: MAX_KNOWN });

  /** Whether to extend it now; if so, it counts as extended. */
  isDue(sessionId: string): boolean {
    const now = performance.now();
    if (now - (this.begunAt.get(sessionId) ?? -Infinity) < LAG_MS) return false;
    this.begunAt.set(sessionId, now);
    return true;
  }
}
