import type { TriggerRecord } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';

/** The reader of a bus, which needs to know when an entry may leave it. */
export interface EntryWatcher {
  /** A delivery was sent directly (1), or was received or put into an inbox since (-1). */
  onOut(change: 1 | -1): void;
  /** Every delivery of it was received, or is in an inbox or a job: it may leave the bus. */
  onDone(entry: OpenEntry): void;
  onFailure(error: unknown): void;
}

/** Assumed number of deliveries of a trigger whose record has not been read yet. */
const UNKNOWN_SIZE = 100;

/** An entry that was read from a bus, and stays on it until all of its deliveries were received or are in inboxes. */
export class OpenEntry {
  /** How many deliveries were sent directly and are not acknowledged. */
  private out = 0;
  private isFannedOut = false;

  /** @param fresh its record, where this replica accepted it and need not read it back */
  constructor(
    readonly entry: BusEntry,
    readonly fresh: TriggerRecord | null,
    private readonly watcher: EntryWatcher,
  ) {}

  /** How many deliveries it has, as far as that is known. */
  get size(): number {
    if (this.entry.kind !== 'trigger') return 1;
    return this.fresh?.matches.sessions.length ?? UNKNOWN_SIZE;
  }

  /** A delivery of it was sent directly. */
  hold(): void {
    this.out++;
    this.watcher.onOut(1);
  }

  /** That delivery was received, or is in an inbox now. */
  release(): void {
    this.out--;
    this.watcher.onOut(-1);
    this.look();
  }

  /** All of its other deliveries are in inboxes or jobs. */
  fannedOut(): void {
    this.isFannedOut = true;
    this.look();
  }

  fail(error: unknown): void {
    this.watcher.onFailure(error);
  }

  private look(): void {
    if (this.isFannedOut && this.out === 0) this.watcher.onDone(this);
  }
}
