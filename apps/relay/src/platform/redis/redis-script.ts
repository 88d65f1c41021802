import { createHash } from 'node:crypto';
import type { Redis as IoRedis } from 'ioredis';

/** One run of a script in a pipeline. */
export interface ScriptCall {
  keys: readonly string[];
  args: readonly (string | number)[];
}

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

  /**
   * Runs it many times, in the given order, written to Redis as one piece.
   * @returns each reply, or the error of that run alone
   */
  async runAll(redis: IoRedis, calls: readonly ScriptCall[]): Promise<unknown[]> {
    if (calls.length === 0) return [];
    const replies = await this.runPipeline(redis, calls);
    // A server that does not know the script has run none of them.
    if (!replies.some(isUnknownScript)) return replies;
    await this.load(redis);
    return this.runPipeline(redis, calls);
  }

  /** The reply as Redis gives it; the caller parses it. */
  async run(redis: IoRedis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return redis.eval(this.lua, keys.length, ...keys, ...args);
    }
  }

  private async runPipeline(redis: IoRedis, calls: readonly ScriptCall[]): Promise<unknown[]> {
    const pipeline = redis.pipeline();
    for (const { keys, args } of calls) pipeline.evalsha(this.sha, keys.length, ...keys, ...args);
    const replies = await pipeline.exec();
    if (replies === null) throw new Error('Redis gave no answer to a pipeline.');
    return replies.map(([error, reply]) => error ?? reply);
  }
}

function isUnknownScript(reply: unknown): reply is Error {
  return reply instanceof Error && reply.message.startsWith('NOSCRIPT');
}
