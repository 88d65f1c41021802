import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, leftoversOf, signalProcess } from './process-table.js';
import type { ProcessIdentity, WorkerState } from './worker-state.js';

const POLL_MS = 25;

/** Asks processes to end, waits, then ends them. Returns when none is left. */
export async function endProcesses(targets: ProcessIdentity[], graceMs: number): Promise<void> {
  for (const target of targets) signalProcess(target, 'SIGTERM');
  if (await areGone(targets, graceMs)) return;
  for (const target of targets) signalProcess(target, 'SIGKILL');
  await areGone(targets, 2_000);
}

/** Resolves to whether all of them ended within the time. */
export async function areGone(targets: ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (targets.some(isAlive)) {
    if (Date.now() >= deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

/** Ends what a session's earlier worker left behind, so that two don't work in one folder. */
export async function endLeftovers(sessionId: string): Promise<void> {
  await endProcesses(leftoversOf(sessionId), 500);
}

/**
 * Ends all workers: first the workers themselves, which close their sessions, then what their agents had started. The
 * state files stay, so the sessions come back with the next start.
 */
export async function endWorkers(states: WorkerState[], graceMs: number): Promise<void> {
  await endProcesses(
    states.flatMap((state) => state.process ?? []),
    graceMs,
  );
  await Promise.all(states.map((state) => endLeftovers(state.sessionId)));
}
