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
 * Whether events are gone that the transcript has not got: the database was restored from a backup, and Redis has trimmed what came since.
 * A log begins anew at `from` (Redis lost what was before, or it is sent again): a hole up to there is none.
 * Expects `last` and `from`; KEYS[1] is the log.
 */
const IS_TORN = `
local function isTorn(transcribed)
  local oldest = last + 1
  local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if head then oldest = tonumber(string.match(head[1], '^%d+')) end
  return transcribed < last and oldest > math.max(transcribed + 1, from)
end
`;

/**
 * Registers a worker. If the log is behind, because Redis has lost some of it, it goes on from the worker's number or the transcript's.
 * If it is torn, or what it has is dropped before the transcript has all of it, the worker tells anew what comes after the transcript.
 * Viewers learn of these by an empty batch, and resynchronise.
 *
 * KEYS events, meta, live · ARGV epoch, worker's next number or 0, transcribed number, last entry id of the transcript or ''
 * → { status, last number, last entry id }: 1 registered, -2 a newer worker has registered
 */
export const openLog = new RedisScript(`
local known = redis.call('HMGET', KEYS[2], 'last', 'epoch', 'lastEntryId', 'from')
local last = tonumber(known[1] or '0')
local entry = known[3] or ''
local from = tonumber(known[4] or '0')
${IS_TORN}
if tonumber(known[2] or '0') > tonumber(ARGV[1]) then return {-2, last, entry} end
redis.call('HSET', KEYS[2], 'epoch', ARGV[1])
local floor = math.max(tonumber(ARGV[3]), tonumber(ARGV[2]) - 1)
local isTakenOver = floor > last
local isToldAnew = isTorn(tonumber(ARGV[3]))
if isTakenOver then
  isToldAnew = tonumber(ARGV[3]) < last
  last = floor
  redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', last + 1))
end
if isToldAnew then entry = '' end
if isTakenOver or isToldAnew then
  redis.call('HSET', KEYS[2], 'last', string.format('%.0f', last), 'from', string.format('%.0f', last + 1))
end
if isTakenOver or isToldAnew or not known[2] then redis.call('SPUBLISH', KEYS[3], '[]') end
if entry == '' and (ARGV[4] ~= '' or isToldAnew) then
  entry = ARGV[4]
  redis.call('HSET', KEYS[2], 'lastEntryId', entry)
end
return {1, last, entry}
`);

/**
 * For a torn log of which no worker has registered yet: whoever registers next tells anew what comes after the transcript, and one that
 * writes already has to register again.
 *
 * KEYS events, meta · ARGV transcribed number, last entry id of the transcript or ''
 * → from where the log tells all
 */
export const askAnew = new RedisScript(`
local known = redis.call('HMGET', KEYS[2], 'last', 'from')
local last = tonumber(known[1] or '0')
local from = tonumber(known[2] or '0')
${IS_TORN}
if not isTorn(tonumber(ARGV[1])) then return from end
redis.call('HDEL', KEYS[2], 'epoch')
redis.call('HSET', KEYS[2], 'from', string.format('%.0f', last + 1), 'lastEntryId', ARGV[2])
return last + 1
`);
