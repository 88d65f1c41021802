import { compareStreamIds } from '../../../platform/streams/stream-id.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';
import { DirectDeliveries } from '../direct/direct-deliveries.js';
import type { BusPlace, TriggerRecord } from '../records/trigger-records.js';
import { type BusEntry, parseBusEntry } from './bus-entry.js';
import { type BusLease, ENTRIES_AT_A_TIME, type LeaseState } from './bus-lease.js';
import { DeliverEntries } from './deliver-entries.js';
import { type EntryWatcher, OpenEntry } from './open-entry.js';

/** How many accepted records are kept in memory; a reader that falls behind reads the others back. Each may hold a payload of 256 KiB. */
const MAX_FRESH = 2 * ENTRIES_AT_A_TIME;
/** While this many entries wait to be fanned out, no more are read: on the bus they are just as safe, and cost no memory here. */
const MAX_QUEUED = 4 * ENTRIES_AT_A_TIME;
/** Once this many deliveries are unacknowledged, the rest waits on the bus: sending more would only fill the buffers of the workers' sockets. */
const MAX_OUT = 8_000;
/** Fan-out resumes when this few are left. What has piled up by then goes to each worker in a single message. */
const OUT_AGAIN = MAX_OUT / 2;
/** How often the lease is renewed. */
const TICK_MS = 500;
/** What is unacknowledged this long after it was sent goes into the session's inbox, so that its entry can leave the bus. */
const DIRECT_MS = 2_000;

export interface BusReaderParts {
  runnerId: string;
  lease: BusLease;
  /** Since when this replica has been the only reader of the bus, given the state in which it found the lease; in ms of `performance.now()`. */
  sinceOf: (state: LeaseState) => number;
  deliver: DeliverEntries;
  direct: DirectDeliveries;
}

/**
 * Reads one bus under its lease, until the bus is empty or another replica has taken over. Entries are fanned out in order, and each is removed
 * from the bus once all of its deliveries have arrived. Any failure ends this reader; a new one then reads again what is still on the bus.
 */
export class BusReader implements EntryWatcher {
  /** Read, and still to be fanned out. */
  private readonly queue: OpenEntry[] = [];
  /** All that was read and is still on the bus, each with the time at which it was read or, once it was sent, sent. */
  private readonly open = new Map<OpenEntry, number>();
  /** Ids of entries that can leave the bus. */
  private done: string[] = [];
  /** How many deliveries were sent to workers directly and are not acknowledged. */
  private out = 0;
  /** Records of triggers that were accepted here under this lease, so that they need not be read back from Redis. */
  private readonly fresh = new Map<string, TriggerRecord>();
  /** The id of the last entry that was read. */
  private last = '0-0';
  /** Since when this replica has been the only reader of the bus. */
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
   * Takes a trigger that was just accepted on this replica, under its lease. It is fanned out from memory if it comes right after what was read;
   * otherwise the bus is read up to it.
   * @returns false when this reader has finished and a new one is needed
   */
  offer({ id, previous, lease }: BusPlace, record: TriggerRecord): boolean {
    if (this.isOver()) return false;
    this.foundLease(lease);
    // It was read from the bus before the caller learnt that it was accepted.
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

  /** Something was put on the bus. @returns false when this reader has finished and a new one is needed */
  wake(): boolean {
    if (this.isOver()) return false;
    this.isWoken = true;
    this.tell();
    return true;
  }

  /** Finishes early: what is unacknowledged goes into inboxes, and what was not sent yet stays on the bus. */
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
        // The time for the acknowledgement starts now, however long they waited in the queue.
        for (const open of batch) this.open.set(open, performance.now());
        await deliver.run(runnerId, batch, () => this.directSince());
        continue;
      }
      if (this.hasToAdvance() && !this.isAdvancing) this.advance();
      await this.news.promise;
      this.news = Promise.withResolvers();
    }
  }

  /** Takes entries from the head of the queue, with about as many deliveries as may still be sent. */
  private nextBatch(): OpenEntry[] {
    let count = this.out;
    const end = this.queue.findIndex((open) => (count += open.size) >= MAX_OUT);
    return this.queue.splice(0, Math.min(end === -1 ? this.queue.length : end + 1, ENTRIES_AT_A_TIME));
  }

  /** The lease was given back. Whatever arrived at that very moment needs it once more. @returns false when there is nothing left to do */
  private async claimAgain(): Promise<boolean> {
    this.isGivenBack = false;
    const hasMore = this.open.size > 0 || this.done.length > 0 || this.isWoken;
    // Set in the same turn as the decision, so that whoever offers something later starts a new reader.
    if (!hasMore || !(await this.claim())) this.isEnded = true;
    return !this.isEnded;
  }

  /** @returns whether all open entries have been dealt with, and the lease is released */
  private async letGo(): Promise<boolean> {
    for (const open of this.queue.splice(0)) this.open.delete(open);
    if (this.open.size > 0) return false;
    this.isEnded = true;
    await this.parts.lease.advance({ done: this.done, last: this.last, isIdle: true, hasRoom: false });
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
   * A reader that has never held the lease may still find it to be "mine": its command was sent twice because the first answer was lost. Before that,
   * the bus may have been in other hands.
   */
  private foundLease(state: LeaseState): void {
    if (state === 'mine' && this.since !== null) return;
    this.since = this.parts.sinceOf(state === 'mine' ? 'free' : state);
  }

  /** A delivery may be sent directly only if the session's inbox was seen empty after this time. */
  private directSince(): number {
    return this.isStopping ? Infinity : (this.since ?? Infinity);
  }

  /** Removes finished entries and reads on, without waiting: meanwhile, what was read is being fanned out. */
  private advance(): void {
    this.isAdvancing = true;
    const hasRoom = this.hasRoom();
    // Without room, what it was woken for remains to be read.
    if (hasRoom) this.isWoken = false;
    const done = this.done;
    this.done = [];
    this.parts.lease
      .advance({ done, last: this.last, isIdle: this.open.size === 0, hasRoom })
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
    // A full page: there may be more.
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
