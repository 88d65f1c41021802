import { effect, type Signal, untracked } from '@angular/core';

/** The page of a session that was opened because it waits for a person. */
export interface LedPage {
  /** The address says so. */
  readonly isLed: Signal<boolean>;
  /** Its conversation has been read. */
  readonly isReady: Signal<boolean>;
  /** Its agent waits for a person. */
  readonly isWaiting: Signal<boolean>;
  /** How many cards wait. */
  readonly cards: Signal<number>;
  readonly reveal: () => void;
  /** Removes that from the address. */
  readonly forget: () => void;
}

/** Cards come right after the conversation; one that comes later is a new question. */
const SOON_MS = 10_000;

/**
 * Leads to the waiting card when the page is opened, and only then: a question that comes up later must not take the focus away
 * from what somebody is writing. Call it in an injection context.
 */
export function followWaiting({ isLed, isReady, isWaiting, cards, reveal, forget }: LedPage): void {
  const openedAt = performance.now();
  let isDecided = false;
  effect(() => {
    if (isDecided || !isLed() || !isReady()) return;
    const isThere = cards() > 0;
    const isToCome = isWaiting() && performance.now() - openedAt < SOON_MS;
    if (!isThere && isToCome) return;
    isDecided = true;
    const isSoon = performance.now() - openedAt < SOON_MS;
    untracked(() => {
      if (isThere && isSoon) reveal();
      forget();
    });
  });
}
