import type { Redis as IoRedis } from 'ioredis';
import { streamKeys } from '../redis/keys.js';
import { RedisScript } from '../redis/redis-script.js';

/**
 * Removes consumers of replicas that are gone. One with pending events stays, because they would go with it; another replica claims them
 * first. One that reads again after all is made anew by that.
 *
 * KEYS stream · ARGV group, ms of silence, name of the only one to look at or '', name of one to keep or '' → how many were removed
 */
const removeConsumers = new RedisScript(`
local removed = 0
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for at = 1, #fields, 2 do consumer[fields[at]] = fields[at + 1] end
  local isMeant = (ARGV[3] == '' or consumer.name == ARGV[3]) and consumer.name ~= ARGV[4]
  if isMeant and consumer.pending == 0 and consumer.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
    removed = removed + 1
  end
end
return removed
`);

/** Removes the consumers that have been silent for so long, except one's own. */
export async function removeSilentConsumers(redis: IoRedis, group: string, own: string, idleMs: number): Promise<void> {
  await removeConsumers.run(redis, [streamKeys.events], [group, idleMs, '', own]);
}

/** Leaves a group that was read until now, unless something is pending. */
export async function leaveGroup(redis: IoRedis, group: string, own: string): Promise<void> {
  await removeConsumers.run(redis, [streamKeys.events], [group, 0, own, '']);
}
