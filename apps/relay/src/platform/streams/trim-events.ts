import type { Redis as IoRedis } from 'ioredis';
import { streamKeys } from '../redis/keys.js';
import { compareStreamIds } from './stream-id.js';

/** Removes events that every group has handled. There is no limit on the length, because a slow group must not lose events. */
export async function trimEvents(redis: IoRedis): Promise<void> {
  const groups = groupStates(await redis.xinfo('GROUPS', streamKeys.events));
  if (groups.length === 0) return;
  let lowest: string | null = null;
  for (const group of groups) {
    const oldestPending = await oldestPendingId(redis, group.name);
    const needed = oldestPending ?? group.lastDelivered;
    if (lowest === null || compareStreamIds(needed, lowest) < 0) lowest = needed;
  }
  if (lowest !== null) await redis.xtrim(streamKeys.events, 'MINID', '~', lowest);
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
