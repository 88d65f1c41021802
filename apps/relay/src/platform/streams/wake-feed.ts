import type { Channels } from '../redis/channels.js';
import { compareStreamIds } from './stream-id.js';

export interface WakeFeedSource<T> {
  /** The sharded channel that says that something is there. */
  channel: string;
  /** What follows a cursor (null: everything), at most a batch; `last` is null when nothing does. */
  readAfter(cursor: string | null): Promise<{ items: T[]; last: string | null }>;
  send(items: T[]): void;
  /** Reading failed; it is tried again. */
  onError(error: unknown): void;
}

/** Redis itself wakes when it comes back, the database does not. */
const AGAIN_MS = 2_000;

/**
 * Sends one connected client what waits for it in a stream, in order: everything that is there when it connects, then what comes.
 * A wake-up is only a hint to read the stream, so one that is missed or comes twice does no harm.
 */
export class WakeFeed<T> {
  private cursor: string | null = null;
  private hasRead = false;
  private isReading = false;
  private isWoken = false;
  private isStopped = false;
  private unsubscribe: (() => void) | null = null;
  private again: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: WakeFeedSource<T>,
    private readonly channels: Channels,
  ) {}

  async start(): Promise<void> {
    const wake = (): void => this.wake();
    this.unsubscribe = await this.channels.subscribe(this.source.channel, { onMessage: wake, onGap: wake });
    if (this.isStopped) this.unsubscribe();
    else this.wake();
  }

  /**
   * Takes what was just appended in this process, without a wake-up and without reading it back. It is sent at once if it is the next
   * one; otherwise the stream is read.
   * @param previous the stream's last id before it
   */
  offer(previous: string, cursor: string, item: T): void {
    if (this.isStopped) return;
    const last = this.cursor ?? '0-0';
    const isNext = this.hasRead && !this.isReading && !this.isWoken && compareStreamIds(previous, last) <= 0;
    if (!isNext) return this.wake();
    if (compareStreamIds(cursor, last) <= 0) return;
    this.cursor = cursor;
    this.source.send([item]);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.again);
    this.unsubscribe?.();
  }

  private wake(): void {
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
        const { items, last } = await this.source.readAfter(this.cursor);
        this.hasRead = true;
        if (last === null) continue;
        this.cursor = last;
        this.isWoken = true; // there may be more than one batch
        if (items.length > 0 && !this.isStopped) this.source.send(items);
      }
    } finally {
      this.isReading = false;
    }
  }
}
