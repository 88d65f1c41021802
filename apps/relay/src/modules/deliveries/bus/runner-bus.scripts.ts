import { RedisScript } from '../../../platform/redis/redis-script.js';

// The lease and the bus share the runner's slot, so checking the lease and reading or removing entries is one step.
// The lease is its holder's token. Once given back, it is `-` and that token for a while: it tells the last holder whether anybody has read since.

/** Marks a lease that was given back, and how long it keeps its last holder's token. */
export const FREE = '-';
export const REMEMBERED_MS = 3_600_000;

/** For use in scripts: the state of a lease as one replica sees it, as a `LeaseState`. */
export const leaseState = `
local function stateOf(holder, token)
  if holder == token then return 'mine' end
  if not holder then return 'free' end
  if holder == '${FREE}' .. token then return 'mine before' end
  return string.sub(holder, 1, 1) == '${FREE}' and 'free' or 'taken'
end
`;

/**
 * Takes or renews the lease of a bus and reads from its head.
 * KEYS lease, bus · ARGV token, lease in ms, how many → nil when another replica holds it, or { its state before, entries }
 */
export const claimBus = new RedisScript(`${leaseState}
local state = stateOf(redis.call('GET', KEYS[1]), ARGV[1])
if state == 'taken' then return nil end
local entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[3])
if #entries > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return { state, entries }
`);

/**
 * Removes finished entries and reads on. At the end of the bus an idle reader gives the lease back in the same step, so that whoever appends next
 * finds it free.
 * KEYS lease, bus · ARGV token, lease in ms, how many (0: only remove), the last entry that was read, '1' if the reader is idle, ids …
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

/** KEYS lease · ARGV token. Unlike giving it back, this leaves no token behind: the next reader takes nothing about the inboxes for granted. */
export const releaseBus = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);
