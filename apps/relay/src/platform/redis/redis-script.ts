import { createHash } from 'node:crypto';
import type { Redis as IoRedis } from 'ioredis';

/**
 * A Lua function that Redis runs atomically. All its keys share one slot (see `keys.ts`). Sent by its digest; the text follows
 * once when the server does not know it yet.
 */
export class RedisScript {
  private readonly sha: string;

  constructor(private readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  /** Lets the server know it, so that runs which follow one another without waiting stay in order from the first on. */
  async load(redis: IoRedis): Promise<void> {
    await redis.script('LOAD', this.lua);
  }

  /** The reply as Redis gives it; the caller parses it. */
  async run(redis: IoRedis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.lua, keys.length, ...keys, ...args);
    }
  }
}
