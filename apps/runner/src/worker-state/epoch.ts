/**
 * The epoch of the next start: higher than any before it. The clock takes part so that it rises also where the state
 * file was lost, or another runner had the session.
 */
export function nextEpoch(previous: number, now = Date.now()): number {
  return Math.max(previous + 1, now);
}
