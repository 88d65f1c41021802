import type { Channels } from '../redis/channels.js';
import { compareStreamIds } from './stream-id.js';

export interface WakeFeedSource<T> {
  /** The sharded channel that says that something is there. */
  channel: string;
  /** What follows a cursor (null: everything), at most a batch; `last` is null when nothing does. */
  readAfter(cursor: string | null): Promise<{ items: T[]; last: string | null }>;
  send(items: T[]): void;
  /** Also without a wake-up it is read so often: for what was written by somebody who died before saying so. Absent: never. */
  lookAgainMs?: number;
  /** Reading failed; it is tried again. */
  onError(error: unknown): void;
}

/** Where something stands that this process has appended to the stream. */
export interface AppendedHere {
  /** The stream's last id before it. */
  previous: string;
  cursor: string;
  /** When it went to Redis, in milliseconds of `performance.now()`. */
  sentAt: number;
}

/** What is offered while the stream is read is kept up to this; the rest is read. */
const MAX_OFFERED = 100;
/** Redis itself wakes when it comes back, the database does not. */
const AGAIN_MS = 2_000;

/**
 * Sends one connected client what waits for it in a stream, in order: everything that is there when it connects, then what comes.
 * A wake-up is only a hint to read the stream, so one that is missed or comes twice does no harm.
 */
export class WakeFeed<T> {
  private cursor: string | null = null;
  /** When that was last known to be the stream's end: at the beginning of whatever has shown it. */
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

  /** Again it only looks whether something is there. */
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
   * Takes what was just appended in this process, without a wake-up and without reading it back. It is sent at once if it is the next
   * one, or after what is being read; only if something is missing before it the stream is read again.
   * @param item null: the client has it already
   */
  offer(where: AppendedHere, item: T | null): void {
    if (this.isStopped) return;
    if (this.isAtEnd(-Infinity)) return this.takeNext(where, item) ? undefined : this.wake();
    if (this.offered.length < MAX_OFFERED) this.offered.push({ where, item });
    else this.wake(); // it is read with the others
  }

  /**
   * Whether the client has been sent all that the stream held at some time after the given one, and nothing has been heard of since.
   * @param since in milliseconds, of `performance.now()`
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
      () => undefined, // whoever started it was told
    );
  }

  /** Something is there. */
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

  /** What was offered while the stream was read. */
  private takeOffered(): void {
    for (const { where, item } of this.offered.splice(0)) if (!this.takeNext(where, item)) this.isWoken = true;
  }

  /** @returns false: something before it is missing */
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
