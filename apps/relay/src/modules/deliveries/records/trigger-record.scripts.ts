import { NEVER_CHANGED } from '../../../platform/redis/keys.js';
import { leaseState } from '../bus/runner-bus.scripts.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';

// A record is a hash: `trigger` and `matches` as JSON, `open` (deliveries that are not settled), `place` (on the bus, if it has deliveries), and `s:<delivery id>` with the
// state of each one that is, as JSON.

/**
 * Accepts a trigger: its record and its place on the bus, both or neither, and only while what it was matched against is up to date. Again with
 * the same record it changes nothing. Whoever accepts takes the lease of the bus in the same step if it is free, to fan out right away.
 * KEYS record, bus, lease, version · ARGV trigger id, trigger, matches, number of deliveries, ms to keep, the version that was matched against
 * or nothing, the token of who wants to read or nothing, lease in ms
 * → { 'known', the matches as they were frozen before }, { 'outdated' }, or
 *   { 'accepted', its place on the bus, the last place before it, the lease's state before: 'mine' | 'mine before' | 'free' | 'taken' }
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
 * Settles deliveries; the first word counts, but that a dead one was received after all: what is in a session's file is a fact.
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
-- Not -changed: Lua's -0 is no integer to Redis.
if redis.call('HINCRBY', KEYS[1], 'open', 0 - changed) <= 0 and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return changed
`);

/**
 * Makes settled deliveries open again, but for those that were received.
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

/** KEYS record · ARGV state as JSON, ids of deliveries that it replaces where they are dead … → how many changed */
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
