import type { InboxItem } from '@pizzapi/protocol';
import type { PinoLogger } from 'nestjs-pino';
import type { Channels } from '../../../platform/redis/channels.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { type AppendedHere, WakeFeed } from '../../../platform/streams/wake-feed.js';
import type { InboxFeed } from './inbox-feeds.js';
import type { SentDelivery } from './receive-deliveries.js';
import { type NewDelivery, SessionInbox } from './session-inbox.js';

const DELIVERIES_AT_A_TIME = 100;
/** A worker that acknowledges within this is not slow. */
const PROMPT_MS = 1_000;
/** Stands where an item of the inbox has its cursor. */
const NO_PLACE = '0-0';

export interface WorkerFeedOptions {
  sessionId: string;
  send: (items: InboxItem[]) => void;
  inbox: SessionInbox;
  channels: Channels;
  logger: PinoLogger;
}

/** What one attached worker is sent: everything in the inbox that no worker has acknowledged, then what comes. */
export class WorkerFeed implements InboxFeed {
  /** What it got from the inbox and has not acknowledged, by delivery id. */
  private readonly owed = new Map<string, SentDelivery & { sentAt: number }>();
  /** It did not acknowledge for so long that what it had got got a place in the inbox, and has not been prompt since. */
  private isSlow = false;
  private readonly feed: WakeFeed<InboxItem>;

  constructor({ sessionId, send, inbox, channels, logger }: WorkerFeedOptions) {
    this.send = send;
    this.feed = new WakeFeed<InboxItem>(
      {
        channel: sessionKeys.wake(sessionId),
        readAfter: (cursor) => inbox.readAfter(sessionId, cursor ?? NO_PLACE, DELIVERIES_AT_A_TIME),
        send: (items) => {
          for (const item of items) this.note(item);
          send(items);
        },
        onError: (error) => logger.error({ err: error, sessionId }, "Reading a session's inbox failed"),
      },
      channels,
    );
  }

  private readonly send: (items: InboxItem[]) => void;

  start(): Promise<void> {
    return this.feed.start();
  }

  stop(): void {
    this.feed.stop();
  }

  wake(): void {
    this.feed.wake();
  }

  offer(where: AppendedHere, item: NewDelivery): void {
    this.feed.offer(where, { ...item, cursor: where.cursor });
  }

  place(where: AppendedHere, item: NewDelivery): void {
    this.isSlow = true;
    this.note(item);
    this.feed.offer(where, null);
  }

  sendDirect(items: readonly NewDelivery[], since: number): boolean {
    if (this.isSlow || !this.feed.isAtEnd(since)) return false;
    this.send(items.map((item) => ({ ...item, cursor: NO_PLACE })));
    return true;
  }

  /** What these are; an id alone where an earlier connection was given it. */
  owedOf(deliveryIds: readonly string[]): SentDelivery[] {
    return deliveryIds.map((deliveryId) => this.owed.get(deliveryId) ?? { deliveryId });
  }

  /** Their receipts are written. */
  settle(deliveryIds: readonly string[]): void {
    const now = performance.now();
    for (const deliveryId of deliveryIds) {
      const { sentAt = -Infinity } = this.owed.get(deliveryId) ?? {};
      if (now - sentAt < PROMPT_MS) this.isSlow = false;
      this.owed.delete(deliveryId);
    }
  }

  private note({ deliveryId, triggerId, runnerId }: NewDelivery): void {
    this.owed.set(deliveryId, { deliveryId, triggerId, runnerId, sentAt: performance.now() });
  }
}
