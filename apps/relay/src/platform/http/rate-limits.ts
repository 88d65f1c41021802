import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { httpKeys } from '../redis/keys.js';
import { Redis } from '../redis/redis.js';
import { ProblemError } from './problem.error.js';

export interface RateLimit {
  name: string;
  /** Tries per window and key. */
  points: number;
  windowS: number;
}

/** Counts tries in Redis, so that all replicas count together. */
@Injectable()
export class RateLimits {
  private readonly limiters = new Map<string, RateLimiterRedis>();

  constructor(private readonly redis: Redis) {}

  /** @throws ProblemError 429 with `Retry-After` once the tries of this window are used up */
  async consume(limit: RateLimit, key: string): Promise<void> {
    try {
      await this.limiter(limit).consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const retryAfterS = Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
      throw new ProblemError(429, ProblemCode.rateLimited, `Too many tries; wait ${retryAfterS} s and try again.`, {
        retryAfterS,
      });
    }
  }

  /** Forgets the tries of a key, as after a successful login. */
  async forget(limit: RateLimit, key: string): Promise<void> {
    await this.limiter(limit).delete(key);
  }

  private limiter(limit: RateLimit): RateLimiterRedis {
    let limiter = this.limiters.get(limit.name);
    if (!limiter) {
      limiter = new RateLimiterRedis({
        storeClient: this.redis.commands,
        keyPrefix: httpKeys.rateLimit(limit.name),
        points: limit.points,
        duration: limit.windowS,
      });
      this.limiters.set(limit.name, limiter);
    }
    return limiter;
  }
}
