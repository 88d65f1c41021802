import type { Channels } from '../redis/channels.js';
import { compareStreamIds } from './stream-id.js';

export interface WakeFeedSource<T> {
  /** The sharded channel on which writers announce that something is there. */
  channel: string;
  /** Reads one batch of what follows a cursor (null: from the beginning). `last`: where to go on; null when nothing follows. */
  readAfter(cursor: string | null): Promise<{ items: T[]; last: string | null }>;
  send(items: T[]): void;
  /** How often to read without a wake-up, in case a writer died before it could announce something. Absent: never. */
  lookAgainMs?: number;
  /** Called when reading has failed; it is tried again. */
  onError(error: unknown): void;
}

/** The place of something that this process has appended to the stream. */
export interface AppendedHere {
  /** The last id of the stream before it. */
  previous: string;
  cursor: string;
  /** When the append was sent to Redis, in ms of `performance.now()`. */
  sentAt: number;
}

/** How many offers are kept while the stream is being read; any more are read from it instead. */
const MAX_OFFERED = 100;
/** When to try again after a failure. Redis sends a wake-up when it is back, but a source may also need the database. */
const AGAIN_MS = 2_000;

/**
 * Sends one connected client what waits for it in a stream, in order: first everything that is there when it connects, then whatever comes.
 * A wake-up is only a hint to read the stream, so it does no harm if one is missed or comes twice.
 */
export class WakeFeed<T> {
  private cursor: string | null = null;
  /** The latest time at which the cursor is known to have been the end of the stream, in ms of `performance.now()`. */
  private atEndSince = -Infinity;
  private isReading = false;
  private isWoken = false;
  private isStopped = false;
  private readonly offered: { where: AppendedHere; item: T | null }[] = [];
  private subscription: Promise<() => void> | null = null;
  private again: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: WakeFeedSource<T>,
    private readonly channels: Channels,
  ) {}

  /** May be called again, which only looks whether something is there. */
  async start(): Promise<void> {
    if (this.isStopped) return;
    const wake = (): void => this.wake();
    this.subscription ??= this.channels.subscribe(this.source.channel, { onMessage: wake, onGap: wake });
    const { lookAgainMs } = this.source;
    if (lookAgainMs !== undefined) this.looking ??= setInterval(wake, lookAgainMs).unref();
    try {
      await this.subscription;
    } catch (error) {
      this.subscription = null;
      throw error;
    }
    this.wake();
  }

  /**
   * Takes what this process has just appended, which spares the wake-up and reading it back. It is sent at once if it comes next, or else
   * after what is being read. Only where something before it is missing, the stream is read again.
   * @param item null: the client has it already, and only the cursor moves on
   */
  offer(where: AppendedHere, item: T | null): void {
    if (this.isStopped) return;
    if (this.isAtEnd(-Infinity)) return this.takeNext(where, item) ? undefined : this.wake();
    if (this.offered.length < MAX_OFFERED) this.offered.push({ where, item });
    else this.wake(); // it is read from the stream
  }

  /**
   * Whether the client has been sent everything that the stream held at some time after `since`, and no wake-up has come after that.
   * @param since in ms of `performance.now()`
   */
  isAtEnd(since: number): boolean {
    return this.atEndSince > since && !this.isStopped && !this.isReading && !this.isWoken;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.again);
    clearInterval(this.looking);
    this.subscription?.then(
      (unsubscribe) => unsubscribe(),
      () => undefined, // `start` has thrown it
    );
  }

  /** Reads the stream, because something may be there. */
  wake(): void {
    if (this.isStopped) return;
    this.isWoken = true;
    if (this.isReading) return;
    this.drain().catch((error: unknown) => {
      this.source.onError(error);
      clearTimeout(this.again);
      if (!this.isStopped) this.again = setTimeout(() => this.wake(), AGAIN_MS).unref();
    });
  }

  private async drain(): Promise<void> {
    this.isReading = true;
    try {
      while (this.isWoken && !this.isStopped) {
        this.isWoken = false;
        const startedAt = performance.now();
        const { items, last } = await this.source.readAfter(this.cursor);
        if (last === null) {
          this.atEndSince = startedAt;
          this.takeOffered();
          continue;
        }
        this.cursor = last;
        this.isWoken = true; // there may be more than one batch
        if (items.length > 0 && !this.isStopped) this.source.send(items);
      }
    } catch (error) {
      this.isWoken = true; // what it was woken for is still to be read
      throw error;
    } finally {
      this.isReading = false;
    }
  }

  /** Sends what was offered while the stream was being read. */
  private takeOffered(): void {
    for (const { where, item } of this.offered.splice(0)) if (!this.takeNext(where, item)) this.isWoken = true;
  }

  /** @returns false when something before it is missing */
  private takeNext({ previous, cursor, sentAt }: AppendedHere, item: T | null): boolean {
    const last = this.cursor ?? '0-0';
    if (compareStreamIds(cursor, last) <= 0) return true;
    if (compareStreamIds(previous, last) > 0) return false;
    this.cursor = cursor;
    this.atEndSince = Math.max(this.atEndSince, sentAt);
    if (item !== null) this.source.send([item]);
    return true;
  }
}
