import { compareStreamIds } from '../../../platform/streams/stream-id.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';
import { DirectDeliveries } from '../direct/direct-deliveries.js';
import type { BusPlace, TriggerRecord } from '../records/trigger-records.js';
import { type BusEntry, parseBusEntry } from './bus-entry.js';
import { type BusLease, ENTRIES_AT_A_TIME, type LeaseState } from './bus-lease.js';
import { DeliverEntries } from './deliver-entries.js';
import { type EntryWatcher, OpenEntry } from './open-entry.js';

/** Of a reader that falls behind, the rest is read back: each may hold a payload of 256 KiB. */
const MAX_FRESH = 2 * ENTRIES_AT_A_TIME;
/** While so many entries wait to be fanned out, no more are read: they are as safe on the bus, and need no memory there. */
const MAX_QUEUED = 4 * ENTRIES_AT_A_TIME;
/** When so many deliveries are out, what follows waits on the bus: more would only fill the buffers of the workers' sockets. */
const MAX_OUT = 8_000;
/** Until no more than so many are: what has come meanwhile goes to each worker in one message. */
const OUT_AGAIN = MAX_OUT / 2;
/** The lease is renewed so often. */
const TICK_MS = 500;
/** What is still out so long after its entry was sent gets a place in the worker's inbox, so that the bus can let go of it. */
const DIRECT_MS = 2_000;

export interface BusReaderParts {
  runnerId: string;
  lease: BusLease;
  /** Since when this replica reads the bus, given how it found the lease. */
  sinceOf: (state: LeaseState) => number;
  deliver: DeliverEntries;
  direct: DirectDeliveries;
}

/**
 * One replica's reading of one bus under its lease, until nothing is on it or another replica has it. Entries are fanned out in their order, and
 * removed as soon as everybody has what they were to get. Whatever fails ends the reading: what is on the bus is read again.
 */
export class BusReader implements EntryWatcher {
  /** To be fanned out. */
  private readonly queue: OpenEntry[] = [];
  /** Everything that is still on the bus and was read, with the time of its reading, or of its sending once it is sent. */
  private readonly open = new Map<OpenEntry, number>();
  /** To be removed. */
  private done: string[] = [];
  /** Deliveries that workers were sent directly and have not acknowledged. */
  private out = 0;
  /** Records that need not be read back: they were accepted here, under this lease. */
  private readonly fresh = new Map<string, TriggerRecord>();
  /** The last entry that was read. */
  private last = '0-0';
  /** Since when this replica has read the bus without another in between. */
  private since: number | null = null;
  private isWoken = false;
  private isAdvancing = false;
  private isGivenBack = false;
  private isLost = false;
  private isStopping = false;
  private isEnded = false;
  private failure: { error: unknown } | null = null;
  private news = Promise.withResolvers<void>();

  constructor(private readonly parts: BusReaderParts) {}

  /**
   * Takes what was just accepted on this replica under its lease. It is fanned out from memory if it follows what was read; else the bus is read.
   * @returns false: this reading is over, a new one has to begin
   */
  offer({ id, previous, lease }: BusPlace, record: TriggerRecord): boolean {
    if (this.isOver()) return false;
    this.foundLease(lease);
    // Answers may overtake one another; then the bus has been read meanwhile.
    if (compareStreamIds(id, this.last) <= 0) return true;
    const entry: BusEntry = { id, kind: 'trigger', triggerId: record.trigger.triggerId };
    const isNext = compareStreamIds(previous, this.last) <= 0;
    if (isNext && this.queue.length < MAX_FRESH) this.add(new OpenEntry(entry, record, this));
    else {
      if (this.fresh.size < MAX_FRESH) this.fresh.set(entry.triggerId, record);
      this.isWoken = true;
    }
    this.tell();
    return true;
  }

  /** Something is on the bus. @returns false: this reading is over */
  wake(): boolean {
    if (this.isOver()) return false;
    this.isWoken = true;
    this.tell();
    return true;
  }

  /** Lets go of what workers have not acknowledged; what was not begun stays on the bus. */
  stop(): void {
    this.isStopping = true;
    this.placeOlderThan(Infinity);
    this.tell();
  }

  async run(): Promise<void> {
    const tick = setInterval(() => this.tick(), TICK_MS);
    try {
      if (this.queue.length > 0 || (await this.claim())) await this.read();
    } catch (error) {
      await this.parts.lease.release();
      throw error;
    } finally {
      clearInterval(tick);
      this.isEnded = true;
      this.parts.direct.forget(new Set(this.open.keys()));
    }
  }

  onOut(change: 1 | -1): void {
    this.out += change;
    if (change < 0 && this.out === OUT_AGAIN) this.tell();
  }

  onDone(open: OpenEntry): void {
    if (this.open.delete(open)) this.done.push(open.entry.id);
    this.tell();
  }

  onFailure(error: unknown): void {
    this.failure ??= { error };
    this.tell();
  }

  private async read(): Promise<void> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      if (this.isLost) return;
      if (this.isStopping && (await this.letGo())) return;
      if (this.isGivenBack && !(await this.claimAgain())) return;
      if (this.queue.length > 0 && this.out <= OUT_AGAIN) {
        const { runnerId, deliver } = this.parts;
        const batch = this.nextBatch();
        // Their time begins when they are sent, however long they waited.
        for (const open of batch) this.open.set(open, performance.now());
        await deliver.run(runnerId, batch, () => this.directSince());
        continue;
      }
      if (this.hasToAdvance() && !this.isAdvancing) this.advance();
      await this.news.promise;
      this.news = Promise.withResolvers();
    }
  }

  /** Entries from the head of the queue, of about as many deliveries as may be out. */
  private nextBatch(): OpenEntry[] {
    let count = this.out;
    const end = this.queue.findIndex((open) => (count += open.size) >= MAX_OUT);
    return this.queue.splice(0, Math.min(end === -1 ? this.queue.length : end + 1, ENTRIES_AT_A_TIME));
  }

  /** What came in the moment in which the lease was given back has taken it again, or finds it free. @returns false: it is over */
  private async claimAgain(): Promise<boolean> {
    this.isGivenBack = false;
    const hasMore = this.open.size > 0 || this.done.length > 0 || this.isWoken;
    // In the same turn as the decision: whoever comes later must begin anew.
    if (!hasMore || !(await this.claim())) this.isEnded = true;
    return !this.isEnded;
  }

  /** @returns whether nothing is left open, and the lease is free */
  private async letGo(): Promise<boolean> {
    for (const open of this.queue.splice(0)) this.open.delete(open);
    if (this.open.size > 0) return false;
    this.isEnded = true;
    await this.parts.lease.advance(this.done, this.last, true);
    await this.parts.lease.release();
    return true;
  }

  private isOver(): boolean {
    return this.isEnded || this.isLost || this.failure !== null;
  }

  private async claim(): Promise<boolean> {
    this.isWoken = false;
    const claimed = await this.parts.lease.claim();
    if (!claimed) return false;
    this.foundLease(claimed.state);
    this.take(claimed.entries);
    return this.open.size > 0 || this.done.length > 0 || this.isWoken;
  }

  /**
   * What says "mine" to a reader that has not had the lease may be the repetition of a command whose answer was lost, and the bus in other hands before.
   */
  private foundLease(state: LeaseState): void {
    if (state === 'mine' && this.since !== null) return;
    this.since = this.parts.sinceOf(state === 'mine' ? 'free' : state);
  }

  /** A delivery may be sent directly if nothing else was in the session's inbox after this. */
  private directSince(): number {
    return this.isStopping ? Infinity : (this.since ?? Infinity);
  }

  /** Removes what is done with and reads on, while what was read is being fanned out. */
  private advance(): void {
    this.isAdvancing = true;
    const hasRoom = this.hasRoom();
    // What it was woken for is still to be read.
    if (hasRoom) this.isWoken = false;
    const done = this.done;
    this.done = [];
    this.parts.lease
      .advance(done, this.last, this.open.size === 0, hasRoom)
      .then((advanced) => {
        this.isAdvancing = false;
        if (!advanced) {
          this.isLost = true;
          return;
        }
        this.isGivenBack = advanced.isGivenBack;
        this.take(advanced.entries);
      })
      .catch((error: unknown) => this.onFailure(error))
      .finally(() => this.tell());
  }

  private take(entries: readonly StreamEntry[]): void {
    // There may be more.
    if (entries.length >= ENTRIES_AT_A_TIME) this.isWoken = true;
    for (const entry of entries) {
      if (compareStreamIds(entry.id, this.last) <= 0) continue;
      const parsed = parseBusEntry(entry);
      this.add(new OpenEntry(parsed, this.freshOf(parsed), this));
    }
  }

  private hasToAdvance(): boolean {
    return this.done.length > 0 || (this.isWoken && this.hasRoom()) || this.open.size === 0;
  }

  private hasRoom(): boolean {
    return this.queue.length < MAX_QUEUED;
  }

  private freshOf(entry: BusEntry): TriggerRecord | null {
    if (entry.kind !== 'trigger') return null;
    const record = this.fresh.get(entry.triggerId) ?? null;
    this.fresh.delete(entry.triggerId);
    return record;
  }

  private add(open: OpenEntry): void {
    this.last = open.entry.id;
    this.queue.push(open);
    this.open.set(open, performance.now());
  }

  private tick(): void {
    if (!this.isAdvancing) this.advance();
    this.placeOlderThan(performance.now() - DIRECT_MS);
  }

  private placeOlderThan(time: number): void {
    const old = [...this.open].filter(([, since]) => since < time).map(([open]) => open);
    if (old.length > 0) this.parts.direct.placeAll(new Set(old)).catch((error: unknown) => this.onFailure(error));
  }

  private tell(): void {
    this.news.resolve();
  }
}
