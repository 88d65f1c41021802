import type { FeedCounts } from './session-feed-sequence';

declare global {
  interface Window {
    /** Counters only: what the browser tests read to prove that no event was lost or doubled. */
    __pizzapi?: { feeds: Record<string, FeedCounts> };
  }
}

/** Shows a feed's counters under `window.__pizzapi.feeds[sessionId]`, always fresh. */
export function publishCounts(sessionId: string, read: () => FeedCounts): void {
  const debug = (window.__pizzapi ??= { feeds: {} });
  Object.defineProperty(debug.feeds, sessionId, { get: read, enumerable: true, configurable: true });
}
