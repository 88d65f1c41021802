import { RedisScript } from '../../../platform/redis/redis-script.js';

// The lease and the bus share the runner's slot, so holding, reading and removing are one step each.

/**
 * Takes or keeps the lease of a bus and reads from its head.
 * KEYS lease, bus · ARGV token, lease in ms, how many → nil when somebody else has it, or entries
 */
export const claimBus = new RedisScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return nil end
local entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[3])
if #entries > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return entries
`);

/**
 * Removes what was fanned out and reads on. At the end of the bus the lease is given back in the same step, so that whoever
 * appends afterwards finds it free.
 * KEYS lease, bus · ARGV token, lease in ms, how many, ids … → nil when the lease was lost, or entries
 */
export const advanceBus = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
for at = 4, #ARGV do redis.call('XDEL', KEYS[2], ARGV[at]) end
local entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[3])
if #entries == 0 then redis.call('DEL', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return entries
`);

/** KEYS lease · ARGV token */
export const releaseBus = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);
