import { type Context, createContext, Script } from 'node:vm';

const script = new Script('work()');
/** A context takes a megabyte: one for all, since only one piece of work runs at a time. */
let context: Context | null = null;

/**
 * Runs synchronous work and breaks it off when it takes too long, wherever it is: also inside a regular expression. The watch over it
 * costs a fifth of a millisecond.
 * @returns null when it was broken off
 */
export function runWithin<T>(timeoutMs: number, work: () => T): T | null {
  let result: T | null = null;
  context ??= createContext();
  context['work'] = () => {
    result = work();
  };
  try {
    script.runInContext(context, { timeout: timeoutMs });
    return result;
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

/** Made in the other context, so it is no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
