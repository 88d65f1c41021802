import type { Redis as IoRedis } from 'ioredis';
import type { PinoLogger } from 'nestjs-pino';
import { streamKeys } from '../redis/keys.js';
import { RedisScript } from '../redis/redis-script.js';
import { compareStreamIds } from './stream-id.js';

/**
 * A group that this version does not know, and that nobody has read for so long, is of a version that runs nowhere any more: its reader
 * would find most of its events parked. Without an end, it would keep every event for ever.
 */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

export interface TrimOptions {
  /** The groups of this version. */
  groups: ReadonlySet<string>;
  logger: PinoLogger;
  abandonedAfterMs?: number;
}

/** Removes events that every group has handled. There is no limit on the length, because a slow group must not lose events. */
export async function trimEvents(
  redis: IoRedis,
  { groups, logger, abandonedAfterMs = ABANDONED_AFTER_MS }: TrimOptions,
): Promise<void> {
  let lowest: string | null = null;
  for (const group of groupStates(await redis.xinfo('GROUPS', streamKeys.events))) {
    if (!groups.has(group.name) && (await removeIfAbandoned(redis, group.name, abandonedAfterMs))) {
      logger.warn({ group: group.name, lastDelivered: group.lastDelivered }, 'Removed a reader of events that is gone');
      continue;
    }
    const oldestPending = await oldestPendingId(redis, group.name);
    const needed = oldestPending ?? group.lastDelivered;
    if (lowest === null || compareStreamIds(needed, lowest) < 0) lowest = needed;
  }
  if (lowest !== null) await redis.xtrim(streamKeys.events, 'MINID', '~', lowest);
}

/**
 * A group without consumers was made just now, or by a replica that died at once: it gets a consumer, whose age tells.
 *
 * KEYS stream · ARGV group, ms → 1 when it was removed
 */
const removeAbandoned = new RedisScript(`
local consumers = redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if #consumers == 0 then
  redis.call('XGROUP', 'CREATECONSUMER', KEYS[1], ARGV[1], 'nobody')
  return 0
end
for _, fields in ipairs(consumers) do
  for at = 1, #fields, 2 do
    if fields[at] == 'idle' and fields[at + 1] < tonumber(ARGV[2]) then return 0 end
  end
end
return redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
`);

async function removeIfAbandoned(redis: IoRedis, group: string, idleMs: number): Promise<boolean> {
  return (await removeAbandoned.run(redis, [streamKeys.events], [group, idleMs])) === 1;
}

function groupStates(reply: unknown): { name: string; lastDelivered: string }[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((group: unknown) => {
    if (!Array.isArray(group)) return [];
    const value = (field: string): unknown => group[group.indexOf(field) + 1];
    const name = value('name');
    const lastDelivered = value('last-delivered-id');
    return typeof name === 'string' && typeof lastDelivered === 'string' ? [{ name, lastDelivered }] : [];
  });
}

async function oldestPendingId(redis: IoRedis, group: string): Promise<string | null> {
  const reply: unknown = await redis.xpending(streamKeys.events, group);
  const lowest: unknown = Array.isArray(reply) ? reply[1] : null;
  return typeof lowest === 'string' ? lowest : null;
}
