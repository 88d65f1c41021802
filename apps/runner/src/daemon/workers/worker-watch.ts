import type { ChildProcess } from 'node:child_process';
import { isAlive } from '../../worker-state/process-table.js';
import type { ProcessIdentity } from '../../worker-state/worker-state.js';

/** An adopted worker is not our child, so nobody tells us of its end. */
const POLL_MS = 500;

/** Tells when a worker's process is gone: at once for our own children, by looking for those of an earlier daemon. */
export class WorkerWatch {
  private readonly watched = new Map<string, ProcessIdentity>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly onGone: (sessionId: string, identity: ProcessIdentity) => void) {
    this.timer = setInterval(() => this.look(), POLL_MS);
    this.timer.unref();
  }

  add(sessionId: string, identity: ProcessIdentity, child?: ChildProcess): void {
    this.watched.set(sessionId, identity);
    child?.once('exit', () => this.gone(sessionId, identity));
    if (isGone(identity)) this.gone(sessionId, identity);
  }

  close(): void {
    clearInterval(this.timer);
    this.watched.clear();
  }

  private look(): void {
    for (const [sessionId, identity] of this.watched) {
      if (isGone(identity)) this.gone(sessionId, identity);
    }
  }

  private gone(sessionId: string, identity: ProcessIdentity): void {
    if (this.watched.get(sessionId) !== identity) return;
    this.watched.delete(sessionId);
    this.onGone(sessionId, identity);
  }
}

/** Where the system does not say, as while this process has no descriptor to spare, the next look will tell. */
function isGone(identity: ProcessIdentity): boolean {
  try {
    return !isAlive(identity);
  } catch {
    return false;
  }
}
