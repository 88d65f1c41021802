import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, for the message of a failure. */
  description: string;
  /** Default 40 s. */
  timeoutMs?: number;
}

/**
 * Asks until the answer is truthy and returns it: how a test waits for a fact of another process.
 * @throws Error naming the fact and the last failure when the time is over
 */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  { description, timeoutMs = 40_000 }: WaitOptions,
): Promise<NonNullable<T>> {
  const until = performance.now() + timeoutMs;
  let failure: unknown;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await pause(20);
  } while (performance.now() < until);
  throw new Error(`Waited ${timeoutMs} ms in vain: ${description}.`, { cause: failure });
}
