import { RedisScript } from '../../../platform/redis/redis-script.js';

/**
 * Appends a batch and publishes what was new, atomically. Only the next number is accepted, which tells a harmless repetition from a loss.
 * (A `MULTI` of `XADD` and `SPUBLISH` would publish even where the `XADD` was refused.)
 *
 * KEYS events, meta, live · ARGV epoch, first number, last entry id or '', queue or '', commands or '',
 * then the events as JSON
 * → { status, last number }: 1 appended, 0 nothing new, -1 gap, -2 a newer worker has registered,
 *   -3 this worker's registration is unknown (Redis lost it)
 */
export const appendEvents = new RedisScript(`
local known = redis.call('HMGET', KEYS[2], 'last', 'epoch')
local last = tonumber(known[1] or '0')
local epoch = tonumber(known[2] or '0')
if epoch > tonumber(ARGV[1]) then return {-2, last} end
if epoch < tonumber(ARGV[1]) then return {-3, last} end
local first, count = tonumber(ARGV[2]), #ARGV - 5
if first > last + 1 then return {-1, last} end
local skip = last + 1 - first
if skip >= count then return {0, last} end
for i = skip + 1, count do
  redis.call('XADD', KEYS[1], string.format('%.0f-0', first + i - 1), 'e', ARGV[5 + i])
end
last = first + count - 1
redis.call('HSET', KEYS[2], 'last', string.format('%.0f', last))
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], 'lastEntryId', ARGV[3]) end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], 'queue', ARGV[4]) end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'commands', ARGV[5]) end
redis.call('SPUBLISH', KEYS[3], '[' .. table.concat(ARGV, ',', 6 + skip) .. ']')
return {1, last}
`);

/**
 * Registers a worker. If the log is behind, because Redis has lost some of it, it goes on from the worker's number or the transcript's.
 * Viewers learn of that by an empty batch, and resynchronise.
 *
 * KEYS events, meta, live · ARGV epoch, worker's next number or 0, transcribed number, last entry id of the transcript or ''
 * → { status, last number, last entry id }: 1 registered, -2 a newer worker has registered
 */
export const openLog = new RedisScript(`
local known = redis.call('HMGET', KEYS[2], 'last', 'epoch', 'lastEntryId')
local last = tonumber(known[1] or '0')
local entry = known[3] or ''
if tonumber(known[2] or '0') > tonumber(ARGV[1]) then return {-2, last, entry} end
redis.call('HSET', KEYS[2], 'epoch', ARGV[1])
local floor = math.max(tonumber(ARGV[3]), tonumber(ARGV[2]) - 1)
local isTakenOver = floor > last
if isTakenOver then
  last = floor
  redis.call('HSET', KEYS[2], 'last', string.format('%.0f', last))
  redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', last + 1))
end
if isTakenOver or not known[2] then redis.call('SPUBLISH', KEYS[3], '[]') end
if entry == '' and ARGV[4] ~= '' then
  entry = ARGV[4]
  redis.call('HSET', KEYS[2], 'lastEntryId', entry)
end
return {1, last, entry}
`);
