import type { TriggerRecord } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';

/** Whoever reads a bus: learns when an entry may leave it. */
export interface EntryWatcher {
  /** Everybody has what they were to get of it, or it has a place elsewhere. */
  onDone(entry: OpenEntry): void;
  onFailure(error: unknown): void;
}

/** An entry of a bus that was read, and stays there until everybody has what they were to get of it. */
export class OpenEntry {
  /** Its fan-out, and each delivery that was sent directly. */
  private left = 1;

  /** @param fresh its record, if it is known without being read back */
  constructor(
    readonly entry: BusEntry,
    readonly fresh: TriggerRecord | null,
    private readonly watcher: EntryWatcher,
  ) {}

  hold(): void {
    this.left++;
  }

  release(): void {
    if (--this.left === 0) this.watcher.onDone(this);
  }

  fail(error: unknown): void {
    this.watcher.onFailure(error);
  }
}
