import type { FeedCounts, SequenceGate } from './session-feed-sequence';

declare global {
  interface Window {
    /** Counters only: what the browser tests read to prove that no event was lost or doubled. */
    __pizzapi?: { feeds: Record<string, FeedCounts> };
  }
}

/** Shows a feed's counters under `window.__pizzapi.feeds[sessionId]`, always fresh. They outlive the feed, but keep nothing else of it. */
export function publishCounts(sessionId: string, gate: SequenceGate): void {
  const debug = (window.__pizzapi ??= { feeds: {} });
  Object.defineProperty(debug.feeds, sessionId, { get: () => gate.counts, enumerable: true, configurable: true });
}
