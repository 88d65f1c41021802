import { Injectable } from '@nestjs/common';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { AppendedHere } from '../../../platform/streams/wake-feed.js';
import type { NewDelivery } from './session-inbox.js';

/** The way to a worker that is attached to this process. */
export interface InboxFeed {
  /** Takes what was just appended to the inbox in this process. */
  offer(where: AppendedHere, item: NewDelivery): void;
  /** What it was sent directly has a place in the inbox now. */
  place(where: AppendedHere, item: NewDelivery): void;
  /** Something was appended that it was not offered. */
  wake(): void;
  /**
   * Sends what has no place in the inbox, as one message.
   * @param since The inbox must have been seen empty of everything else after that, in milliseconds of `performance.now()`.
   * @returns false: something in the inbox comes first, or the worker is slow to acknowledge
   */
  sendDirect(items: readonly NewDelivery[], since: number): boolean;
}

/** A feed of this replica, and the name under which Redis knows that it is the session's present one. */
export interface LocalFeed {
  token: string;
  feed: InboxFeed;
}

/**
 * The workers that are attached to this replica: what is appended here for one of them needs no detour through Redis.
 *
 * A worker may have moved on to another replica before this one has noticed. So the present feed of a session stands beside its inbox, and an
 * append leaves the wake-up out only for the feed that is named there.
 */
@Injectable()
export class InboxFeeds {
  private readonly feeds = new Map<string, LocalFeed>();

  constructor(private readonly redis: Redis) {}

  of(sessionId: string): LocalFeed | undefined {
    return this.feeds.get(sessionId);
  }

  /**
   * From now on this is the session's feed, here and for all replicas. To be called before it reads the inbox for the first time.
   * @param isOpen Asked when Redis has answered: a connection that was closed meanwhile is not added.
   */
  async add(sessionId: string, local: LocalFeed, isOpen: () => boolean): Promise<void> {
    await this.redis.commands.hset(sessionKeys.meta(sessionId), 'feed', local.token);
    if (isOpen()) this.feeds.set(sessionId, local);
  }

  /** A newer one stays. */
  remove(sessionId: string, token: string): void {
    if (this.feeds.get(sessionId)?.token === token) this.feeds.delete(sessionId);
  }
}
