import { RedisScript } from '../../../platform/redis/redis-script.js';
import { trimHistory } from '../history/trigger-history.scripts.js';

// The stream keeps the order of the deliveries. The hash holds the content of each, as "<cursor> <times sent> <JSON>", because an entry of a stream
// cannot be changed.
const parse = `
local function parse(value)
  if not value then return nil end
  return string.match(value, '^(%S+) (%d+) (.*)$')
end
`;

/** Stands in place of a feed's token: the session's worker is unloaded, and whoever appends next has to order it back. */
const PAUSED = 'paused';

/**
 * KEYS inbox, ids, wake, deliveries channel, meta · ARGV delivery id, JSON, token of the caller's feed of the session or ''
 * → nil if it waits already, or { its cursor, the last cursor before it, where its worker is }:
 *   'here' (the caller's feed is the current one and has to take it), 'asleep' (the caller has to wake the session), or 'elsewhere'
 */
export const appendDelivery = new RedisScript(`
local last = '0-0'
if redis.call('XLEN', KEYS[1]) > 0 then last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][1] end
local feed = redis.call('HGET', KEYS[5], 'feed')
local isHere = ARGV[3] ~= '' and feed == ARGV[3]
local cursor = redis.call('XADD', KEYS[1], '*', 'id', ARGV[1])
if redis.call('HSETNX', KEYS[2], ARGV[1], cursor .. (isHere and ' 1 ' or ' 0 ') .. ARGV[2]) == 0 then
  -- Rare, so undoing it is cheaper than asking every time.
  redis.call('XDEL', KEYS[1], cursor)
  return nil
end
redis.call('SPUBLISH', KEYS[4], '')
if isHere then return { cursor, last, 'here' } end
redis.call('SPUBLISH', KEYS[3], cursor)
if feed ~= '${PAUSED}' then return { cursor, last, 'elsewhere' } end
redis.call('HDEL', KEYS[5], 'feed')
return { cursor, last, 'asleep' }
`);

/** KEYS inbox, meta → 1 when something waits; otherwise 0, and whoever appends next is told that the session is asleep */
export const pauseInbox = new RedisScript(`
if redis.call('XLEN', KEYS[1]) > 0 then return 1 end
redis.call('HSET', KEYS[2], 'feed', '${PAUSED}')
return 0
`);

/**
 * KEYS inbox, ids, deliveries channel · ARGV from, count, '1' to mark them as sent, number of bytes after which to stop
 * → { the cursor of the last entry that was looked at or '', cursor, times sent, JSON, … }
 */
export const readDeliveries = new RedisScript(`${parse}
local out, bytes = { '' }, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])) do
  local id = entry[2][2]
  local cursor, sent, json = parse(redis.call('HGET', KEYS[2], id))
  out[1] = entry[1]
  if cursor then
    if ARGV[3] == '1' then redis.call('HSET', KEYS[2], id, cursor .. ' ' .. (sent + 1) .. ' ' .. json) end
    out[#out + 1] = cursor
    out[#out + 1] = sent
    out[#out + 1] = json
    bytes = bytes + #json
    if bytes >= tonumber(ARGV[4]) then break end
  end
end
if ARGV[3] == '1' and #out > 1 then redis.call('SPUBLISH', KEYS[3], '') end
return out
`);

/** KEYS ids · ARGV position, pattern of the ids, entries to look at → { the next position, id, cursor, … }, without the content */
export const scanPlaces = new RedisScript(`
local next, fields = unpack(redis.call('HSCAN', KEYS[1], ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3]))
local out = { next }
for at = 1, #fields, 2 do
  out[#out + 1] = fields[at]
  out[#out + 1] = string.match(fields[at + 1], '^%S+')
end
return out
`);

/** KEYS inbox, ids, deliveries channel · ARGV delivery id, its cursor, … → how many of them still had that cursor, and were removed */
export const forgetDeliveries = new RedisScript(`${parse}
local count = 0
for at = 1, #ARGV, 2 do
  local cursor = parse(redis.call('HGET', KEYS[2], ARGV[at]))
  if cursor == ARGV[at + 1] then
    redis.call('XDEL', KEYS[1], cursor)
    redis.call('HDEL', KEYS[2], ARGV[at])
    count = count + 1
  end
end
if count > 0 then redis.call('SPUBLISH', KEYS[3], '') end
return count
`);

/** KEYS inbox → 1 when an empty stream was deleted */
export const dropEmptyInbox = new RedisScript(`
if redis.call('XLEN', KEYS[1]) > 0 then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * Moves received triggers from the inbox into the history, and removes received inputs.
 * KEYS inbox, ids, deliveries channel, history, responses · ARGV now (ISO), '1' to extend the expiry of the history, delivery ids …
 * → how many were in the inbox
 */
export const receiveDeliveries = new RedisScript(`
local count, length = 0, 0
for at = 3, #ARGV do
  local value = redis.call('HGET', KEYS[2], ARGV[at])
  if value then
    redis.call('XDEL', KEYS[1], string.match(value, '^%S+'))
    redis.call('HDEL', KEYS[2], ARGV[at])
    if string.find(value, '"kind":"trigger"', 1, true) then
      -- The value as it is: each long string that Lua builds costs as much as a command.
      length = redis.call('LPUSH', KEYS[4], ARGV[1] .. ' ' .. value)
    end
    count = count + 1
  end
end
${trimHistory('KEYS[4]', 'KEYS[5]', 'ARGV[2]')}
if count > 0 then redis.call('SPUBLISH', KEYS[3], '') end
return count
`);

/** KEYS inbox, ids, deliveries channel · ARGV id of an input, its new text (absent: remove it) → 1 done, 0 not here, 2 already sent to the worker */
export const changeDelivery = new RedisScript(`${parse}
local cursor, sent, json = parse(redis.call('HGET', KEYS[2], ARGV[1]))
-- An accepted trigger is delivered in any case.
if not cursor or string.find(json, '"kind":"trigger"', 1, true) then return 0 end
if sent ~= '0' then return 2 end
if ARGV[2] then
  local item = cjson.decode(json)
  item.text = ARGV[2]
  redis.call('HSET', KEYS[2], ARGV[1], cursor .. ' 0 ' .. cjson.encode(item))
else
  redis.call('XDEL', KEYS[1], cursor)
  redis.call('HDEL', KEYS[2], ARGV[1])
end
redis.call('SPUBLISH', KEYS[3], '')
return 1
`);
