import { signal } from '@angular/core';

const TICK_MS = 10_000;
const current = signal(Date.now());
let timer: ReturnType<typeof setInterval> | undefined;

/** The time for relative texts, as a signal that all of them share; ticks every ten seconds while the page is seen. */
export function coarseNow(): number {
  if (timer === undefined) {
    timer = setInterval(() => {
      if (document.visibilityState === 'visible') current.set(Date.now());
    }, TICK_MS);
    document.addEventListener('visibilitychange', () => current.set(Date.now()));
  }
  return current();
}
