const WINDOW_MS = 10 * 60_000;
const MAX_RESTARTS = 3;
const DELAYS_MS = [250, 1_000, 4_000];

export type RestartDecision = { isAllowed: true; delayMs: number; restarts: number[] } | { isAllowed: false };

/**
 * A crashed worker is started again at most three times in ten minutes.
 *
 * @param restarts times of earlier restarts, in ms since 1970
 */
export function decideRestart(restarts: number[], now: number): RestartDecision {
  const recent = restarts.filter((time) => now - time < WINDOW_MS);
  const delayMs = DELAYS_MS[recent.length];
  if (recent.length >= MAX_RESTARTS || delayMs === undefined) return { isAllowed: false };
  return { isAllowed: true, delayMs, restarts: [...recent, now] };
}
