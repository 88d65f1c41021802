import { type Context, createContext, Script } from 'node:vm';

const script = new Script('work()');
/** A context takes a megabyte. One is enough, since the work is synchronous. */
let context: Context | null = null;

/**
 * Runs synchronous work, and interrupts it when it takes too long, even inside a regular expression. This costs a fifth of a millisecond.
 * @returns null when it was interrupted
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

/** Not by `instanceof`: the error comes from the other context. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
