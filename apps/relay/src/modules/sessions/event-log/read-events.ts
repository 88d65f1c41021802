import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Reads events up to a number of bytes, but at least one. `XRANGE` alone only counts them, and one may be of some megabytes: so they are
 * read one by one at first, and up to 16 at a time while they are small.
 *
 * KEYS events · ARGV number to read after, most events, most bytes
 * → { 1 if nothing follows or 0, id, event, id, event, … }
 */
export const readEvents = new RedisScript(`
local most, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
local reply, count, bytes, largest = { 0 }, 0, 0, 0
local from, step = '(' .. ARGV[1] .. '-0', 1
while count < most do
  local asked = math.min(step, most - count)
  local some = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', asked)
  for _, entry in ipairs(some) do
    local size = string.len(entry[2][2])
    if count > 0 and bytes + size > limit then return reply end
    reply[#reply + 1] = entry[1]
    reply[#reply + 1] = entry[2][2]
    count, bytes, largest = count + 1, bytes + size, math.max(largest, size)
    from = '(' .. entry[1]
  end
  if #some < asked then
    reply[1] = 1
    return reply
  end
  step = math.min(step * 2, 16)
  if largest * step > limit - bytes then step = 1 end
end
return reply
`);
