import { createHash } from 'node:crypto';
import type { Redis as IoRedis } from 'ioredis';

/** One run of a script among many. */
export interface ScriptCall {
  keys: readonly string[];
  args: readonly (string | number)[];
  /** Further arguments, after `args`. One that several runs share is transmitted only once. */
  shared?: readonly string[];
}

/**
 * How many runs make one command. Redis serves nobody else while it executes one, and the first replies can be used while others are still
 * to come.
 */
const CALLS_AT_A_TIME = 64;

/**
 * A Lua function that Redis runs atomically. All keys of one run share a slot (see `keys.ts`). It is called by its digest; the text is sent only to a
 * server that does not know it yet.
 */
export class RedisScript {
  private readonly one: Text;
  private readonly many: Text;

  constructor(lua: string) {
    this.one = new Text(lua);
    this.many = new Text(forEachCall(lua));
  }

  /** Loads it into the server beforehand. Otherwise the first of several runs that are issued at once would be repeated, after the others. */
  async load(redis: IoRedis): Promise<void> {
    await redis.script('LOAD', this.one.lua);
  }

  /** @returns the reply as Redis gives it; the caller parses it */
  run(redis: IoRedis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.one.run(redis, keys, args);
  }

  /**
   * Runs it many times, in the given order. A Redis without slots gets dozens of runs as one command, which saves it and this process the
   * work that each command costs.
   * @returns for each run its reply, or its error
   */
  async runAll(redis: IoRedis, calls: readonly ScriptCall[]): Promise<unknown[]> {
    // Once this is known, the runs are sent in this turn of the event loop, before whatever the caller sends next.
    if (known.get(redis) ?? (await hasSlots(redis))) return this.runPipeline(redis, calls);
    const pieces: Promise<unknown[]>[] = [];
    for (let at = 0; at < calls.length; at += CALLS_AT_A_TIME)
      pieces.push(this.runPiece(redis, calls.slice(at, at + CALLS_AT_A_TIME)));
    return (await Promise.all(pieces)).flat();
  }

  private async runPiece(redis: IoRedis, calls: readonly ScriptCall[]): Promise<unknown[]> {
    const keys = calls.flatMap((call) => call.keys);
    const texts = new Map<string, number>();
    const runs = calls.flatMap(({ keys: own, args, shared = [] }) => {
      for (const text of shared) if (!texts.has(text)) texts.set(text, texts.size + 1);
      const numbers = shared.map((text) => texts.get(text) ?? 0);
      return [own.length, args.length, numbers.length, ...args, ...numbers];
    });
    const replies = await this.many.run(redis, keys, [texts.size, ...texts.keys(), ...runs]);
    if (!Array.isArray(replies)) throw new Error('Redis gave no answers to the runs of a script.');
    return replies as unknown[];
  }

  private async runPipeline(redis: IoRedis, calls: readonly ScriptCall[], isLoaded = false): Promise<unknown[]> {
    if (calls.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const { keys, args, shared = [] } of calls)
      pipeline.evalsha(this.one.sha, keys.length, ...keys, ...args, ...shared);
    const replies = await pipeline.exec();
    if (replies === null) throw new Error('Redis gave no answer to a pipeline.');
    // A server that does not know the script has executed none of the runs.
    if (!isLoaded && replies.some(([error]) => isUnknownScript(error))) {
      await this.load(redis);
      return this.runPipeline(redis, calls, true);
    }
    return replies.map(([error, reply]) => error ?? reply);
  }
}

/** A script as Redis knows it. */
class Text {
  readonly sha: string;

  constructor(readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  async run(redis: IoRedis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return redis.eval(this.lua, keys.length, ...keys, ...args);
    }
  }
}

/**
 * Wraps a script so that one command runs it many times. ARGV: the number of shared texts, the texts, and for each run: the numbers of its
 * keys, of its own arguments and of its shared texts, then its own arguments and the indices of its shared texts. An error ends only its
 * own run.
 */
function forEachCall(lua: string): string {
  return `
local function run(KEYS, ARGV)
${lua}
end
local replies, key, at = {}, 0, tonumber(ARGV[1]) + 2
-- The tables are reused: creating them for each run took a tenth of the time.
local keys, args = {}, {}
while at <= #ARGV do
  local keyCount, ownCount, sharedCount = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local argCount = ownCount + sharedCount
  for n = 1, keyCount do keys[n] = KEYS[key + n] end
  for n = keyCount + 1, #keys do keys[n] = nil end
  for n = 1, ownCount do args[n] = ARGV[at + 2 + n] end
  for n = ownCount + 1, argCount do args[n] = ARGV[1 + tonumber(ARGV[at + 2 + n])] end
  for n = argCount + 1, #args do args[n] = nil end
  key = key + keyCount
  at = at + 3 + argCount
  local isDone, reply = pcall(run, keys, args)
  if not isDone and type(reply) ~= 'table' then reply = { err = 'ERR ' .. tostring(reply) } end
  -- A nil would end the list of replies.
  if reply == nil then reply = false end
  replies[#replies + 1] = reply
end
return replies
`;
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

const slots = new WeakMap<IoRedis, Promise<boolean>>();
const known = new WeakMap<IoRedis, boolean>();

/** Whether the keys of one command must share a slot: Redis is a cluster, perhaps of only one server. */
function hasSlots(redis: IoRedis): Promise<boolean> {
  let asked = slots.get(redis);
  if (!asked) {
    asked = redis.info('cluster').then((info) => {
      const isCluster = /^cluster_enabled:1/m.test(info);
      known.set(redis, isCluster);
      return isCluster;
    });
    slots.set(redis, asked);
    asked.catch(() => slots.delete(redis)); // whoever asked gets the failure
  }
  return asked;
}
