import type { InboxItem } from '@pizzapi/protocol';
import type { PinoLogger } from 'nestjs-pino';
import type { Channels } from '../../../platform/redis/channels.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { type AppendedHere, WakeFeed } from '../../../platform/streams/wake-feed.js';
import type { InboxFeed } from './inbox-feeds.js';
import type { SentDelivery } from './receive-deliveries.js';
import { SessionInbox } from './session-inbox.js';
import type { NewDelivery } from './new-delivery.js';

const DELIVERIES_AT_A_TIME = 100;
/** A worker that acknowledges within this time is not slow. */
const PROMPT_MS = 1_000;
/** The cursor of an item that is not in the inbox. */
const NO_PLACE = '0-0';

export interface WorkerFeedOptions {
  sessionId: string;
  send: (items: InboxItem[]) => void;
  inbox: SessionInbox;
  channels: Channels;
  logger: PinoLogger;
}

/** Sends an attached worker everything in the inbox that no worker has acknowledged, and then whatever comes. */
export class WorkerFeed implements InboxFeed {
  /** By delivery id, what was sent from the inbox and is not acknowledged. */
  private readonly owed = new Map<string, SentDelivery & { sentAt: number }>();
  /** It took so long to acknowledge direct deliveries that they were put into the inbox, and it has not been prompt since. */
  private isSlow = false;
  private readonly feed: WakeFeed<InboxItem>;
  private readonly send: (items: InboxItem[]) => void;

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

  /** What is known of these deliveries: the id alone for one that was sent directly, or over an earlier connection. */
  owedOf(deliveryIds: readonly string[]): SentDelivery[] {
    return deliveryIds.map((deliveryId) => this.owed.get(deliveryId) ?? { deliveryId });
  }

  /** Their receipt was recorded. */
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
