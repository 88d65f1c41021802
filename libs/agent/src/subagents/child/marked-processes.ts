import { readdirSync, readFileSync } from 'node:fs';

/** Marks whatever a subagent starts. It holds no secret. */
export const SUBAGENT_MARK = 'PIZZAPI_SUBAGENT_ID';

/**
 * Ends every process with a subagent's mark in its environment: also what left the process group of a subagent that was killed. Only
 * Linux shows it; elsewhere nothing is found.
 */
export function endMarkedProcesses(mark: string): void {
  if (process.platform !== 'linux') return;
  // One that starts another while it is looked for may be missed the first time.
  for (let tries = 0; tries < 5; tries += 1) {
    const found = markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** The processes with that mark. */
export function markedProcesses(mark: string): number[] {
  const entry = `${SUBAGENT_MARK}=${mark}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && environmentOf(pid).includes(entry));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // Gone, or another user's.
  }
}

/** A process, or with a negative number a group. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
