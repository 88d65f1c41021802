import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Removes the oldest events of a log that takes more memory than it may, down to half of that, so that this is seldom. `SAMPLES 0` counts
 * all of it: by default Redis takes the average of the first few nodes, which hold only small events in most sessions.
 *
 * KEYS events · ARGV number from which on everything stays, most bytes → 1 when it was shrunk
 */
export const shrinkLog = new RedisScript(`
local needed, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local usage = redis.pcall('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)
if type(usage) ~= 'number' or usage <= limit then return 0 end
local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if not head or tonumber(string.match(head[1], '^%d+')) >= needed then return 0 end
local bytes, to = 0, '+'
while true do
  local some = redis.call('XREVRANGE', KEYS[1], to, '-', 'COUNT', 8)
  if #some == 0 then return 0 end
  for _, entry in ipairs(some) do
    bytes = bytes + string.len(entry[2][2])
    if bytes > limit / 2 then
      local first = math.min(needed, tonumber(string.match(entry[1], '^%d+')) + 1)
      redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', first))
      return 1
    end
    to = '(' .. entry[1]
  end
end
`);
