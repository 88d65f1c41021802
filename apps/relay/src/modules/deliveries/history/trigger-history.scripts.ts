import { RedisScript } from '../../../platform/redis/redis-script.js';
import { HISTORY_KEEP_MS, MAX_HISTORY_ENTRIES } from './history-limits.js';

/** Functions that enter something into a history have this in them; `key` and `responses` name it and what was answered, `length` and `count` what was added. */
export const trimHistory = (key: string, responses: string, isToBeKept: string): string => `
-- Not at each one: what is too much is not shown.
if length > ${MAX_HISTORY_ENTRIES * 1.1} then redis.call('LTRIM', ${key}, 0, ${MAX_HISTORY_ENTRIES - 1}) end
if ${isToBeKept} == '1' or (length > 0 and length <= count) then
  redis.call('PEXPIRE', ${key}, ${HISTORY_KEEP_MS})
  -- An answer is not to go before the entry that it belongs to.
  redis.call('PEXPIRE', ${responses}, ${HISTORY_KEEP_MS})
end
`;

/**
 * Enters triggers that did not come from the inbox. Each one's line is put together here: of a broadcast to a thousand sessions only the ids differ.
 * KEYS history, deliveries channel, responses · ARGV '1' to begin the time that it is kept for anew, delivery ids …, for each id its line up to the id …
 */
export const enterHistory = new RedisScript(`
local count, length = (#ARGV - 1) / 2, 0
if count == 0 then return 0 end
for at = 2, count + 1 do length = redis.call('LPUSH', KEYS[1], ARGV[at + count] .. ARGV[at] .. '"}') end
${trimHistory('KEYS[1]', 'KEYS[3]', 'ARGV[1]')}
redis.call('SPUBLISH', KEYS[2], '')
return count
`);
