import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnerProcess } from '@pizzapi/testing';

/** Of a session's worker, as the daemon's own notes have it; null while it has none. */
export function workerPid(home: string, sessionId: string): number | null {
  const file = join(home, 'run', 'workers', `${sessionId}.json`);
  const state: { process: { pid: number } | null } = JSON.parse(readFileSync(file, 'utf8'));
  return state.process?.pid ?? null;
}

/** By session, in the order of the sessions' ids. */
export function workerPids(home: string): Map<string, number> {
  const names = readdirSync(join(home, 'run', 'workers')).filter((name) => name.endsWith('.json'));
  const sessionIds = names.map((name) => name.slice(0, -'.json'.length)).sort();
  return new Map(
    sessionIds.flatMap((sessionId): [string, number][] => {
      const pid = workerPid(home, sessionId);
      return pid !== null && isAlive(pid) ? [[sessionId, pid]] : [];
    }),
  );
}

/** The supervisor's only child. */
export function daemonPid(runner: RunnerProcess): number {
  const pid = readdirSync('/proc')
    .map(Number)
    .find(
      (candidate) => candidate > 0 && /\nPPid:\s+(\d+)/.exec(statusOf(candidate))?.[1] === String(runner.supervisorPid),
    );
  if (pid === undefined) throw new Error('The supervisor has no daemon.');
  return pid;
}

export function isAlive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== '' && !/\nState:\s+Z/.test(status);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // gone, or gone while we looked
  }
}
