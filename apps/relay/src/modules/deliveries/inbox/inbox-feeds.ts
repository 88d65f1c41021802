import { Injectable } from '@nestjs/common';
import type { InboxItem } from '@pizzapi/protocol';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';

/** Takes what was appended to a session's inbox in this process. */
export interface InboxFeed {
  offer(previous: string, cursor: string, item: InboxItem): void;
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
