import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from '../../files/file-size.js';

const MAX_LOG_BYTES = 2 * 1024 * 1024;

/** The output of workers, `run/logs/<sessionId>.log`, with one older file beside each. */
export class WorkerLogs {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Runs `use` with a descriptor that appends to the session's log. */
  async withLog<T>(sessionId: string, use: (descriptor: number) => Promise<T>): Promise<T> {
    this.cap(sessionId);
    const descriptor = openSync(this.path(sessionId), 'a', 0o600);
    try {
      return await use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /**
   * Moves a log that has grown too long aside. Its writer appends, so it goes on at the start of the emptied file. Where the older part cannot
   * be kept, as on a full disk, it is given up: the log is to free space, not to keep its session from starting.
   */
  cap(sessionId: string): void {
    const path = this.path(sessionId);
    if (sizeOf(path) < MAX_LOG_BYTES) return;
    try {
      copyFileSync(path, `${path}.1`);
    } catch {
      rmSync(`${path}.1`, { recursive: true, force: true }); // of a part nobody would know where it ends
    }
    truncateSync(path);
  }

  remove(sessionId: string): void {
    for (const path of [this.path(sessionId), `${this.path(sessionId)}.1`]) rmSync(path, { force: true });
  }

  private path(sessionId: string): string {
    return join(this.folder, `${sessionId}.log`);
  }
}
