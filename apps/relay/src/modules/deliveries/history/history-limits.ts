/** How many triggers a session's history holds, and how long it is kept after the last one. Both are specified. */
export const MAX_HISTORY_ENTRIES = 200;
export const HISTORY_KEEP_MS = 24 * 3_600_000;
