import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Appends an order unless one with that id waits already, and wakes the replica that holds the runner's socket.
 * KEYS inbox, ids, wake · ARGV order id, order → 1 when it was appended, 0 when one waits already
 */
export const appendOrder = new RedisScript(`
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
local cursor = redis.call('XADD', KEYS[1], '*', 'id', ARGV[1], 'order', ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], cursor)
redis.call('SPUBLISH', KEYS[3], cursor)
return 1
`);

/** KEYS inbox, ids · ARGV cursor → 1 when it was there */
export const finishOrder = new RedisScript(`
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then return 0 end
if redis.call('HGET', KEYS[2], entry[2][2]) == ARGV[1] then redis.call('HDEL', KEYS[2], entry[2][2]) end
return redis.call('XDEL', KEYS[1], ARGV[1])
`);

/** KEYS inbox, ids · ARGV order id → 1 when it was there */
export const withdrawOrder = new RedisScript(`
local cursor = redis.call('HGET', KEYS[2], ARGV[1])
if not cursor then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('XDEL', KEYS[1], cursor)
`);
