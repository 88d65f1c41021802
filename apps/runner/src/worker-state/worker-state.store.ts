import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isUuid } from '@pizzapi/protocol';
import { readJsonFile, removeFile, writePrivateFile } from '../files/private-file.js';
import { isWorkerState, type WorkerState } from './worker-state.js';

/** The state files of all sessions of this runner. The daemon is their only writer. */
export class WorkerStateStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Undefined for an unknown session, and for a file that is no state (it cannot be acted on). */
  find(sessionId: string): WorkerState | undefined {
    const value = readJsonFile(this.path(sessionId));
    return isWorkerState(value) ? value : undefined;
  }

  list(): WorkerState[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.json') && isUuid(name.slice(0, -'.json'.length)))
      .flatMap((name) => this.find(name.slice(0, -'.json'.length)) ?? []);
  }

  save(state: WorkerState): void {
    writePrivateFile(this.path(state.sessionId), JSON.stringify(state));
  }

  /** Changes some fields of a known session; undefined when it has been removed meanwhile. */
  update(sessionId: string, change: Partial<WorkerState>): WorkerState | undefined {
    const state = this.find(sessionId);
    if (!state) return undefined;
    const changed = { ...state, ...change };
    this.save(changed);
    return changed;
  }

  remove(sessionId: string): void {
    removeFile(this.path(sessionId));
  }

  private path(sessionId: string): string {
    return join(this.folder, `${sessionId}.json`);
  }
}
