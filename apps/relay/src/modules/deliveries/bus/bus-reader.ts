import type { PinoLogger } from 'nestjs-pino';
import { compareStreamIds } from '../../../platform/streams/stream-id.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';
import { DirectDeliveries } from '../direct/direct-deliveries.js';
import type { BusPlace, TriggerRecord } from '../records/trigger-records.js';
import { type BusEntry, parseBusEntry } from './bus-entry.js';
import { type BusLease, ENTRIES_AT_A_TIME } from './bus-lease.js';
import { DeliverEntries } from './deliver-entries.js';
import { type EntryWatcher, OpenEntry } from './open-entry.js';

/** Of a reader that falls behind, the rest is read back: each may hold a payload of 256 KiB. */
const MAX_FRESH = 2 * ENTRIES_AT_A_TIME;
/** The lease is renewed so often. */
const TICK_MS = 500;
/** A worker that has not said by then that it has a delivery gets it into its inbox, so that the bus can let go of it. */
const DIRECT_MS = 2_000;

export interface BusReaderParts {
  runnerId: string;
  lease: BusLease;
  deliver: DeliverEntries;
  direct: DirectDeliveries;
  logger: PinoLogger;
}

/**
 * One replica's reading of one bus under its lease, until nothing is on it or another replica has it. Entries are fanned out in their order, and
 * removed as soon as everybody has what they were to get. Whatever fails ends the reading: what is on the bus is read again.
 */
export class BusReader implements EntryWatcher {
  /** To be fanned out. */
  private readonly queue: OpenEntry[] = [];
  /** Everything that is still on the bus and was read, with the time since when. */
  private readonly open = new Map<OpenEntry, number>();
  /** To be removed. */
  private done: string[] = [];
  /** Records that need not be read back: they were accepted here, under this lease. */
  private readonly fresh = new Map<string, TriggerRecord>();
  /** The last entry that was read. */
  private last = '0-0';
  /** Since when this replica has read the bus without another in between. */
  private since = Infinity;
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
  offer({ id, previous, lease }: BusPlace, record: TriggerRecord, since: number): boolean {
    if (this.isEnded) return false;
    if (lease !== 'mine' || this.since === Infinity) this.readSince(since);
    // Answers may overtake one another; then the bus has been read meanwhile.
    if (compareStreamIds(id, this.last) <= 0) return true;
    const entry: BusEntry = { id, kind: 'trigger', triggerId: record.trigger.triggerId };
    if (compareStreamIds(previous, this.last) <= 0) this.add(new OpenEntry(entry, record, this));
    else {
      if (this.fresh.size < MAX_FRESH) this.fresh.set(entry.triggerId, record);
      this.isWoken = true;
    }
    this.tell();
    return true;
  }

  /** Something is on the bus. @returns false: this reading is over */
  wake(): boolean {
    if (this.isEnded) return false;
    this.isWoken = true;
    this.tell();
    return true;
  }

  /** Lets go of what workers have not acknowledged; the reading ends when the bus is empty. */
  stop(): void {
    this.isStopping = true;
    this.since = Infinity;
    this.placeOlderThan(Infinity);
  }

  /** @param sinceOf since when this replica reads the bus, given how it found the lease */
  async run(sinceOf: (state: BusPlace['lease']) => number): Promise<void> {
    const tick = setInterval(() => this.tick(), TICK_MS);
    try {
      if (this.queue.length > 0 || (await this.claim(sinceOf))) await this.read(sinceOf);
    } catch (error) {
      await this.parts.lease.release();
      throw error;
    } finally {
      clearInterval(tick);
      this.isEnded = true;
      this.parts.direct.forget(new Set(this.open.keys()));
    }
  }

  onDone(open: OpenEntry): void {
    if (this.open.delete(open)) this.done.push(open.entry.id);
    this.tell();
  }

  onFailure(error: unknown): void {
    this.failure ??= { error };
    this.tell();
  }

  private async read(sinceOf: (state: BusPlace['lease']) => number): Promise<void> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      if (this.isLost) return;
      if (this.isGivenBack) {
        this.isGivenBack = false;
        // What came in the same moment has taken the lease again, or will find it free.
        const isIdle = this.open.size === 0 && this.done.length === 0 && !this.isWoken;
        if (isIdle || !(await this.claim(sinceOf))) return;
      }
      if (this.queue.length > 0) {
        const { runnerId, deliver } = this.parts;
        await deliver.run(runnerId, this.queue.splice(0, ENTRIES_AT_A_TIME), this.since);
        continue;
      }
      const hasToTell = this.done.length > 0 || this.isWoken || this.open.size === 0;
      if (hasToTell && !this.isAdvancing) this.advance();
      await this.news.promise;
      this.news = Promise.withResolvers();
    }
  }

  private async claim(sinceOf: (state: BusPlace['lease']) => number): Promise<boolean> {
    this.isWoken = false;
    const claimed = await this.parts.lease.claim();
    if (!claimed) return false;
    this.readSince(sinceOf(claimed.state));
    this.take(claimed.entries);
    return this.open.size > 0 || this.done.length > 0 || this.isWoken;
  }

  /** Removes what is done with and reads on, while what was read is being fanned out. */
  private advance(): void {
    this.isAdvancing = true;
    this.isWoken = false;
    const done = this.done;
    this.done = [];
    this.parts.lease
      .advance(done, this.last, this.open.size === 0)
      .then((advanced) => {
        this.isAdvancing = false;
        this.isLost = advanced === null;
        if (!advanced) return;
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
      if (parsed) this.add(new OpenEntry(parsed, this.freshOf(parsed), this));
      else {
        this.parts.logger.error(
          { runnerId: this.parts.runnerId, entry: entry.id },
          'Dropped an entry of a bus that cannot be read',
        );
        this.last = entry.id;
        this.done.push(entry.id);
      }
    }
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

  private readSince(since: number): void {
    if (!this.isStopping) this.since = since;
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
