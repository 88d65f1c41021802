import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a fact: asks until the answer satisfies `check`, which throws while it does not. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  check: (value: T) => void,
  withinMs = 10_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    try {
      check(value);
      return value;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(15);
  }
}
