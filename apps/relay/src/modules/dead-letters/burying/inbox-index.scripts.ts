import { RedisScript } from '../../../platform/redis/redis-script.js';

/** KEYS index · ARGV session id, time as it was read, its new time → 1, or 0 when somebody else has moved it meanwhile */
export const moveIndexed = new RedisScript(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
`);

/** KEYS index · ARGV session id, time as it was read → 1, or 0 when somebody else has moved it meanwhile */
export const removeIndexed = new RedisScript(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);
