import { NEVER_CHANGED } from '../../../platform/redis/keys.js';
import { leaseState } from '../bus/runner-bus.scripts.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';

// A record is a hash: `trigger` and `matches` as JSON, `open` (how many deliveries are not settled), `place` (on the bus, if there are deliveries), and
// `s:<delivery id>` with the state of each settled delivery as JSON.

/**
 * Accepts a trigger: writes its record and puts it on the bus, both or neither, and only if the version that it was matched against is still current.
 * Does nothing for a trigger that was accepted before. In the same step it takes the lease of the bus if that is free, so that the caller can fan out
 * at once.
 * KEYS record, bus, lease, wanted version · ARGV trigger id, trigger, matches, number of deliveries, ms to keep, the version that it was matched
 * against ('': any), the token of the replica that would read the bus ('': none), lease in ms
 * → { 'known', the matches from before }, { 'outdated' }, or
 *   { 'accepted', its place on the bus or '', the last place before it, the lease's state before, as a `LeaseState` }
 */
export const acceptTrigger = new RedisScript(`${leaseState}
local frozen = redis.call('HGET', KEYS[1], 'matches')
if frozen then return { 'known', frozen } end
if ARGV[6] ~= '' and ARGV[6] ~= (redis.call('GET', KEYS[4]) or '${NEVER_CHANGED}') then return { 'outdated' } end
if ARGV[4] == '0' then
  redis.call('HSET', KEYS[1], 'trigger', ARGV[2], 'matches', ARGV[3], 'open', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return { 'accepted', '', '', 'taken' }
end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local place = redis.call('XADD', KEYS[2], '*', 'trigger', ARGV[1])
redis.call('HSET', KEYS[1], 'trigger', ARGV[2], 'matches', ARGV[3], 'open', ARGV[4], 'place', place)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local state = ARGV[7] == '' and 'taken' or stateOf(redis.call('GET', KEYS[3]), ARGV[7])
if state == 'free' or state == 'mine before' then redis.call('SET', KEYS[3], ARGV[7], 'PX', ARGV[8]) end
return { 'accepted', place, last and last[1] or '0-0', state }
`);

/**
 * Settles deliveries. The first state counts, with one exception: a dead delivery that was received after all, because what is in a session's file is
 * a fact.
 * KEYS record · ARGV ms to keep a record without open deliveries, then delivery id, state as JSON … → how many changed
 */
export const settleDeliveries = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local changed = 0
for at = 2, #ARGV, 2 do
  local field = 's:' .. ARGV[at]
  if redis.call('HSETNX', KEYS[1], field, ARGV[at + 1]) == 1 then
    changed = changed + 1
  elseif string.find(ARGV[at + 1], '"state":"received"', 1, true) and string.find(redis.call('HGET', KEYS[1], field), '"state":"dead"', 1, true) then
    redis.call('HSET', KEYS[1], field, ARGV[at + 1])
  end
end
-- Not -changed: for 0 that is -0, which Redis does not take for an integer.
if redis.call('HINCRBY', KEYS[1], 'open', 0 - changed) <= 0 and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return changed
`);

/**
 * Reopens settled deliveries, except those that were received.
 * KEYS record · ARGV ms to keep it, delivery ids … → how many changed
 */
export const reopenDeliveries = new RedisScript(`
local changed = 0
for at = 2, #ARGV do
  local state = redis.call('HGET', KEYS[1], 's:' .. ARGV[at])
  if state and not string.find(state, '"state":"received"', 1, true) then
    changed = changed + redis.call('HDEL', KEYS[1], 's:' .. ARGV[at])
  end
end
if changed > 0 then
  redis.call('HINCRBY', KEYS[1], 'open', changed)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return changed
`);

/** KEYS record · ARGV new state as JSON, delivery ids … → how many of these were dead and now have that state */
export const replaceDead = new RedisScript(`
local changed = 0
for at = 2, #ARGV do
  local state = redis.call('HGET', KEYS[1], 's:' .. ARGV[at])
  if state and string.find(state, '"state":"dead"', 1, true) then
    redis.call('HSET', KEYS[1], 's:' .. ARGV[at], ARGV[1])
    changed = changed + 1
  end
end
return changed
`);
