import { hasErrorCode } from './file-error.js';

/** What a machine may have none left of for a while, by the system's code. */
const MISSING = {
  EAGAIN: 'processes',
  ENOMEM: 'memory',
  EMFILE: 'open files for one process',
  ENFILE: 'open files',
} as const;

/**
 * What the machine has none left of, as an error of the system says; null for any other error. What failed for that may succeed soon, and says
 * nothing about the file or process that it was about.
 */
export function shortageOf(error: unknown): string | null {
  const found = Object.entries(MISSING).find(([code]) => hasErrorCode(error, code));
  return found === undefined ? null : `${found[1]} (${found[0]})`;
}
