import { Injectable } from '@nestjs/common';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { AppendedHere } from '../../../platform/streams/wake-feed.js';
import type { NewDelivery } from './new-delivery.js';

/** Sends deliveries to a worker that is attached to this replica. */
export interface InboxFeed {
  /** Takes what this replica has just appended to the inbox. */
  offer(where: AppendedHere, item: NewDelivery): void;
  /** Notes that something which was sent directly is in the inbox now. */
  place(where: AppendedHere, item: NewDelivery): void;
  /** Something was appended to the inbox without being offered. */
  wake(): void;
  /**
   * Sends deliveries that are not in the inbox, as one message.
   * @param since in ms of `performance.now()`; the worker must have been sent everything that was in the inbox at some time after that
   * @returns false when nothing was sent: something in the inbox comes first, or the worker is slow to acknowledge
   */
  sendDirect(items: readonly NewDelivery[], since: number): boolean;
}

/** A feed of this replica. Redis knows the session's current feed by its token. */
export interface LocalFeed {
  token: string;
  feed: InboxFeed;
}

/**
 * The feeds of the workers that are attached to this replica: what is appended here can be handed to them without reading it back from Redis.
 *
 * A worker may have moved to another replica without this one having noticed yet. So the token of a session's current feed is kept beside its inbox,
 * and only an append by the replica with that feed goes without a wake-up.
 */
@Injectable()
export class InboxFeeds {
  private readonly feeds = new Map<string, LocalFeed>();

  constructor(private readonly redis: Redis) {}

  of(sessionId: string): LocalFeed | undefined {
    return this.feeds.get(sessionId);
  }

  /**
   * Makes this the session's current feed, for all replicas. To be called before the feed reads the inbox for the first time.
   * @param isOpen asked once Redis has answered: a connection that has closed by then is not added
   */
  async add(sessionId: string, local: LocalFeed, isOpen: () => boolean): Promise<void> {
    await this.redis.commands.hset(sessionKeys.meta(sessionId), 'feed', local.token);
    if (isOpen()) this.feeds.set(sessionId, local);
  }

  /** Does nothing when the session has a newer feed. */
  remove(sessionId: string, token: string): void {
    if (this.feeds.get(sessionId)?.token === token) this.feeds.delete(sessionId);
  }
}
