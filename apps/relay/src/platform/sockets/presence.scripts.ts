import { RedisScript } from '../redis/redis-script.js';

/** KEYS hash · ARGV id, holder → the holder before, or nil */
export const claimPresence = new RedisScript(`
local before = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return before
`);

/** KEYS hash · ARGV id, holder → 1 when it was still the holder's */
export const releasePresence = new RedisScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`);

/** Takes back what nobody else has taken meanwhile. KEYS hash · ARGV id, holder, id, holder, … */
export const reclaimPresence = new RedisScript(`
for i = 1, #ARGV, 2 do redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) end
return #ARGV / 2
`);

/** KEYS hash · ARGV "<replicaId>:" → the ids that the replica holds */
export const heldPresence = new RedisScript(`
local all, held = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
  if string.sub(all[i + 1], 1, #ARGV[1]) == ARGV[1] then held[#held + 1] = all[i] end
end
return held
`);

/** Ends whatever the replica holds. KEYS hash · ARGV "<replicaId>:" */
export const sweepPresence = new RedisScript(`
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if string.sub(all[i + 1], 1, #ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[1], all[i]) end
end
return #all / 2
`);
