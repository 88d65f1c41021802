import type { TriggerRecord } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';

/** Whoever reads a bus: learns when an entry may leave it. */
export interface EntryWatcher {
  /** Something of it was sent directly, or is received or has a place elsewhere now. */
  onOut(change: 1 | -1): void;
  /** Everybody has what they were to get of it, or it has a place elsewhere. */
  onDone(entry: OpenEntry): void;
  onFailure(error: unknown): void;
}

/** For a trigger whose record is still to be read. */
const UNKNOWN_SIZE = 100;

/** An entry of a bus that was read, and stays there until everybody has what they were to get of it. */
export class OpenEntry {
  /** Deliveries that were sent directly. */
  private out = 0;
  private isFannedOut = false;

  /** @param fresh its record, if it is known without being read back */
  constructor(
    readonly entry: BusEntry,
    readonly fresh: TriggerRecord | null,
    private readonly watcher: EntryWatcher,
  ) {}

  /** How many deliveries it is, as far as that is known. */
  get size(): number {
    if (this.entry.kind !== 'trigger') return 1;
    return this.fresh?.matches.sessions.length ?? UNKNOWN_SIZE;
  }

  /** A delivery of it was sent directly. */
  hold(): void {
    this.out++;
    this.watcher.onOut(1);
  }

  /** That one was received, or has a place elsewhere. */
  release(): void {
    this.out--;
    this.watcher.onOut(-1);
    this.look();
  }

  /** Everything else of it is where it belongs. */
  fannedOut(): void {
    this.isFannedOut = true;
    this.look();
  }

  private look(): void {
    if (this.isFannedOut && this.out === 0) this.watcher.onDone(this);
  }

  fail(error: unknown): void {
    this.watcher.onFailure(error);
  }
}
