import { effect, type Signal, untracked } from '@angular/core';

/** The page of a session to which somebody was led because it waits. */
export interface LedPage {
  /** Its address says so. */
  readonly isLed: Signal<boolean>;
  /** Its conversation has been read. */
  readonly isReady: Signal<boolean>;
  /** Its agent waits for a person. */
  readonly isWaiting: Signal<boolean>;
  /** How many cards wait. */
  readonly cards: Signal<number>;
  readonly reveal: () => void;
  /** The address no longer says so. */
  readonly forget: () => void;
}

/** Cards come right after the conversation; one that comes later than this comes up by itself. */
const SOON_MS = 10_000;

/**
 * Leads to the card that waits when the page is opened, and decides that once: a question that comes up later must not take the keyboard away
 * from what somebody is writing. To be called where effects can be made.
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
