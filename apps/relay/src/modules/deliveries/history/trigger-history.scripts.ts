import { RedisScript } from '../../../platform/redis/redis-script.js';
import { HISTORY_KEEP_MS, MAX_HISTORY_ENTRIES } from './history-limits.js';

/**
 * The end of every script that adds to a history. Expects the variables `length` (of the list, 0: nothing was added) and `count` (of what was added).
 * @param isToBeKept '1' to extend the expiry
 */
export const trimHistory = (key: string, responses: string, isToBeKept: string): string => `
-- Not for each entry: the excess is not shown anyway.
if length > ${MAX_HISTORY_ENTRIES * 1.1} then redis.call('LTRIM', ${key}, 0, ${MAX_HISTORY_ENTRIES - 1}) end
if ${isToBeKept} == '1' or (length > 0 and length <= count) then
  redis.call('PEXPIRE', ${key}, ${HISTORY_KEEP_MS})
  -- A response must not expire before its entry.
  redis.call('PEXPIRE', ${responses}, ${HISTORY_KEEP_MS})
end
`;

/**
 * Adds triggers that did not come from the inbox. Each line is put together here: for a broadcast to a thousand sessions, only the ids differ.
 * KEYS history, deliveries channel, responses · ARGV '1' to extend the expiry, delivery ids …, for each id its line up to the id …
 */
export const enterHistory = new RedisScript(`
local count, length = (#ARGV - 1) / 2, 0
if count == 0 then return 0 end
for at = 2, count + 1 do length = redis.call('LPUSH', KEYS[1], ARGV[at + count] .. ARGV[at] .. '"}') end
${trimHistory('KEYS[1]', 'KEYS[3]', 'ARGV[1]')}
redis.call('SPUBLISH', KEYS[2], '')
return count
`);
