// The specification's: of what a session's history holds, and for how long after its last entry.
export const MAX_HISTORY_ENTRIES = 200;
export const HISTORY_KEEP_MS = 24 * 3_600_000;
