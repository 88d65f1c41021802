import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Entries of a bus that may be for a session: triggers, whose records say the rest, and what names the session itself.
 * KEYS bus · ARGV session id, the first that is looked at, how many → { the last that was looked at or '', its id, field, value, … }
 */
export const scanBus = new RedisScript(`
local entries = redis.call('XRANGE', KEYS[1], ARGV[2], '+', 'COUNT', ARGV[3])
local out = { #entries > 0 and entries[#entries][1] or '' }
for _, entry in ipairs(entries) do
  local field, value = entry[2][1], entry[2][2]
  if field == 'trigger' or string.find(value, '"' .. ARGV[1] .. '"', 1, true) then
    out[#out + 1] = entry[1]
    out[#out + 1] = field
    out[#out + 1] = value
  end
end
return out
`);

/**
 * Which of a runner's triggers a session still has to get.
 * KEYS records … · ARGV session id, the delivery's id in each … → for each its trigger as JSON, or '' where it is not for the session, or settled
 */
export const openTriggers = new RedisScript(`
local out = {}
for at, key in ipairs(KEYS) do
  local matches = redis.call('HGET', key, 'matches')
  local isOpen = matches and string.find(matches, '"' .. ARGV[1] .. '"', 1, true)
    and redis.call('HEXISTS', key, 's:' .. ARGV[at + 1]) == 0
  out[at] = isOpen and redis.call('HGET', key, 'trigger') or ''
end
return out
`);
