import { RedisScript } from '../../../platform/redis/redis-script.js';

// The lease and the bus share the runner's slot, so holding, reading and removing are one step each.
// The lease is the token of its holder; given back, it is `-` and the token of the last holder, for a while.

/** What a free lease keeps in mind of its last holder, and for how long. */
export const FREE = '-';
export const REMEMBERED_MS = 3_600_000;

/** In a script: what is found at a lease, as seen by one replica: 'mine', 'mine before' (free, and nobody else had it since), 'free' or 'taken'. */
export const leaseState = `
local function stateOf(holder, token)
  if holder == token then return 'mine' end
  if not holder then return 'free' end
  if holder == '${FREE}' .. token then return 'mine before' end
  return string.sub(holder, 1, 1) == '${FREE}' and 'free' or 'taken'
end
`;

/**
 * Takes or keeps the lease of a bus and reads from its head.
 * KEYS lease, bus · ARGV token, lease in ms, how many → nil when somebody else has it, or { its state before, entries }
 */
export const claimBus = new RedisScript(`${leaseState}
local state = stateOf(redis.call('GET', KEYS[1]), ARGV[1])
if state == 'taken' then return nil end
local entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[3])
if #entries > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return { state, entries }
`);

/**
 * Removes what is done with, and reads on. At the end of the bus the lease is given back in the same step, if nothing is left open, so that
 * whoever appends afterwards finds it free.
 * KEYS lease, bus · ARGV token, lease in ms, how many (0: only remove), the last entry that was read, '1' if nothing is left open, ids …
 * → nil when the lease was lost, or { '1' if it was given back, entries }
 */
export const advanceBus = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
for at = 6, #ARGV do redis.call('XDEL', KEYS[2], ARGV[at]) end
local entries = ARGV[3] == '0' and {} or redis.call('XRANGE', KEYS[2], '(' .. ARGV[4], '+', 'COUNT', ARGV[3])
if #entries == 0 and ARGV[5] == '1' then
  redis.call('SET', KEYS[1], '${FREE}' .. ARGV[1], 'PX', ${REMEMBERED_MS})
  return { '1', entries }
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { '0', entries }
`);

/** KEYS lease · ARGV token. Nothing is remembered: whoever reads next looks at the inboxes first. */
export const releaseBus = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);
