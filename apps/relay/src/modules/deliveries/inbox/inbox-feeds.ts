import { Injectable } from '@nestjs/common';
import type { InboxItem } from '@pizzapi/protocol';

/** Takes what was appended to a session's inbox in this process. */
export interface InboxFeed {
  offer(previous: string, cursor: string, item: InboxItem): void;
}

/** The workers that are attached to this replica: what is appended here for one of them needs no detour through Redis. */
@Injectable()
export class InboxFeeds {
  private readonly feeds = new Map<string, InboxFeed>();

  of(sessionId: string): InboxFeed | undefined {
    return this.feeds.get(sessionId);
  }

  /** The newest connection of a session counts. @returns what ends it */
  add(sessionId: string, feed: InboxFeed): () => void {
    this.feeds.set(sessionId, feed);
    return () => {
      if (this.feeds.get(sessionId) === feed) this.feeds.delete(sessionId);
    };
  }
}
