import { RedisScript } from '../../../platform/redis/redis-script.js';

// The stream orders the deliveries; the hash holds each one's content as "<cursor> <whether sent> <JSON>", because an entry of a
// stream cannot be changed while it waits.
const parse = `
local function parse(value)
  if not value then return nil end
  return string.match(value, '^(%S+) ([01]) (.*)$')
end
`;

/** KEYS inbox, ids, wake · ARGV delivery id, JSON → 1 appended, 0 waits already */
export const appendDelivery = new RedisScript(`
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
local cursor = redis.call('XADD', KEYS[1], '*', 'id', ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], cursor .. ' 0 ' .. ARGV[2])
redis.call('SPUBLISH', KEYS[3], cursor)
return 1
`);

/** KEYS inbox, ids · ARGV from, count, '1' to mark them as sent → { cursor, JSON, … } */
export const readDeliveries = new RedisScript(`${parse}
local entries, out = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2]), {}
for _, entry in ipairs(entries) do
  local id = entry[2][2]
  local cursor, isSent, json = parse(redis.call('HGET', KEYS[2], id))
  if cursor then
    if ARGV[3] == '1' and isSent == '0' then redis.call('HSET', KEYS[2], id, cursor .. ' 1 ' .. json) end
    out[#out + 1] = cursor
    out[#out + 1] = json
  end
end
return out
`);

/** KEYS inbox, ids · ARGV delivery ids → how many were there */
export const forgetDeliveries = new RedisScript(`${parse}
local count = 0
for _, id in ipairs(ARGV) do
  local cursor = parse(redis.call('HGET', KEYS[2], id))
  if cursor then
    redis.call('XDEL', KEYS[1], cursor)
    redis.call('HDEL', KEYS[2], id)
    count = count + 1
  end
end
return count
`);

/** KEYS inbox, ids · ARGV delivery id, new text or nothing to remove it → 1 done, 0 not here, 2 sent to the worker already */
export const changeDelivery = new RedisScript(`${parse}
local cursor, isSent, json = parse(redis.call('HGET', KEYS[2], ARGV[1]))
if not cursor then return 0 end
if isSent == '1' then return 2 end
if ARGV[2] then
  local item = cjson.decode(json)
  item.text = ARGV[2]
  redis.call('HSET', KEYS[2], ARGV[1], cursor .. ' 0 ' .. cjson.encode(item))
else
  redis.call('XDEL', KEYS[1], cursor)
  redis.call('HDEL', KEYS[2], ARGV[1])
end
return 1
`);
