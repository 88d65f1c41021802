import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EndedCredentials } from '../../auth/index.js';
import { TunnelNews } from '../tunnel-news.js';
import type { Reach } from './reach.js';

const GOOD_FOR_MS = 3_000;
const MAX_KNOWN = 10_000;

interface Known {
  reach: Reach;
  untilMs: number;
}

/** Caches for a few seconds who may reach which tunnel, as a page may send a hundred requests at once. */
@Injectable()
export class KnownReaches {
  private readonly known = new LRUCache<string, Known>({ max: MAX_KNOWN });
  private readonly lookups = new Map<string, Promise<Reach | null>>();
  /** Incremented whenever something ends, so that a lookup that began before is not cached. */
  private version = 0;

  constructor(credentials: EndedCredentials, news: TunnelNews) {
    const forget = (): void => this.forget();
    credentials.listen({ onEnded: forget, onGap: forget });
    news.listen({ onNews: ({ news: kind }) => (kind === 'attached' ? undefined : forget()), onGap: forget });
  }

  /**
   * @param lookUp reads database and Redis. Neither a null result nor an error is cached.
   */
  async find(name: string, lookUp: () => Promise<Reach | null>): Promise<Reach | null> {
    const known = this.known.get(name);
    if (known && known.untilMs > performance.now()) return known.reach;
    const underWay = this.lookups.get(name);
    if (underWay) return underWay;
    const asked = this.ask(name, lookUp);
    this.lookups.set(name, asked);
    try {
      return await asked;
    } finally {
      if (this.lookups.get(name) === asked) this.lookups.delete(name);
    }
  }

  private async ask(name: string, lookUp: () => Promise<Reach | null>): Promise<Reach | null> {
    for (;;) {
      const { version } = this;
      const reach = await lookUp();
      // Something has ended in the meantime, possibly the credential or tunnel of this result.
      if (version !== this.version) continue;
      if (reach) this.known.set(name, { reach, untilMs: performance.now() + GOOD_FOR_MS });
      return reach;
    }
  }

  /** Drops the whole cache: something rarely ends, and everything else is just looked up again. */
  private forget(): void {
    this.version++;
    this.known.clear();
    this.lookups.clear();
  }
}
