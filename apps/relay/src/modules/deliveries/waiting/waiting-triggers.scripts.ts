import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Reads the entries of a bus that may be for a session: all triggers (their records tell), and other entries that contain the session's id.
 * KEYS bus · ARGV session id, where to begin, how many to look at → { the last id that was looked at or '', id, field, value, … }
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
 * Which of a runner's triggers a session has yet to receive.
 * KEYS records … · ARGV session id, the delivery id for each record … → for each its trigger as JSON; '' if it is not for the session, or settled
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
