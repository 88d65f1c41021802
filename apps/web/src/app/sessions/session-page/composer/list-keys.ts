import type { WritableSignal } from '@angular/core';

/** Up and down cycle through the list. @returns whether the key was one of them */
export function moveActive({ key }: KeyboardEvent, active: WritableSignal<number>, length: number): boolean {
  if (length === 0 || (key !== 'ArrowDown' && key !== 'ArrowUp')) return false;
  const step = key === 'ArrowDown' ? 1 : -1;
  active.update((at) => (at + step + length) % length);
  return true;
}

/** Tab and Enter take what is active, unless they are meant for the message. */
export function isTaking({ key, shiftKey, altKey }: KeyboardEvent): boolean {
  return !shiftKey && !altKey && (key === 'Tab' || key === 'Enter');
}
