import { RedisScript } from '../../../platform/redis/redis-script.js';

/** Functions that enter something into a history have this in them; `key` and `responses` name it and what was answered, `length` and `count` what was added. */
export const trimHistory = (
  key: string,
  responses: string,
  max: string,
  keepMs: string,
  isToBeKept: string,
): string => `
-- Not at each one: what is too much is not shown.
if length > ${max} * 1.1 then redis.call('LTRIM', ${key}, 0, ${max} - 1) end
if ${isToBeKept} == '1' or (length > 0 and length <= count) then
  redis.call('PEXPIRE', ${key}, ${keepMs})
  -- An answer is not to go before the entry that it belongs to.
  redis.call('PEXPIRE', ${responses}, ${keepMs})
end
`;

/**
 * Enters triggers that a worker got without the inbox.
 * KEYS history, deliveries channel, responses · ARGV entries to keep, ms to keep, '1' to begin that time anew, entries …
 */
export const enterHistory = new RedisScript(`
local count, length = #ARGV - 3, 0
if count == 0 then return 0 end
for at = 4, #ARGV do length = redis.call('LPUSH', KEYS[1], ARGV[at]) end
${trimHistory('KEYS[1]', 'KEYS[3]', 'ARGV[1]', 'ARGV[2]', 'ARGV[3]')}
redis.call('SPUBLISH', KEYS[2], '')
return count
`);
