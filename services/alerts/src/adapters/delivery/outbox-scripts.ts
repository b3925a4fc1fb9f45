/**
 * What happens at once in Redis. A claim is a time in the outbox: whoever takes a channel moves that time on, and a sender that is gone
 * loses the channel by it. All keys are of one slot.
 */

/** KEYS outbox, entries, delivery, told, states; ARGV channel, notification, now, gather ms, told for ms, most entries → 1 when it was new */
export const ADD = `
if not redis.call('SET', KEYS[4], '1', 'NX', 'PX', ARGV[5]) then return 0 end
redis.call('XADD', KEYS[2], '*', 'n', ARGV[2])
local surplus = redis.call('XLEN', KEYS[2]) - tonumber(ARGV[6])
if surplus > 0 then
  redis.call('XTRIM', KEYS[2], 'MAXLEN', ARGV[6])
  redis.call('HINCRBY', KEYS[5], ARGV[1] .. '|lost', surplus)
end
local due = tonumber(ARGV[3]) + tonumber(ARGV[4])
local before = tonumber(redis.call('HGET', KEYS[3], 'notBefore') or '0')
redis.call('ZADD', KEYS[1], 'NX', math.max(due, before), ARGV[1])
return 1`;

/** KEYS outbox, entries, delivery; ARGV channel, now, until, sender, a new id, most entries → id, attempt, since, notification … or nothing */
export const CLAIM = `
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[2]) then return nil end
local kept = redis.call('HMGET', KEYS[3], 'id', 'first', 'last', 'since')
local id, first, last, since = kept[1], kept[2], kept[3], kept[4]
local entries = id and redis.call('XRANGE', KEYS[2], first, last) or {}
if #entries == 0 then
  id = nil
  entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[6])
end
if #entries == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[3], 'id', 'first', 'last', 'since', 'attempt', 'by')
  return nil
end
if not id then
  id, since = ARGV[5], ARGV[2]
  redis.call('HSET', KEYS[3], 'id', id, 'first', entries[1][1], 'last', entries[#entries][1], 'since', since, 'attempt', 0)
end
redis.call('HSET', KEYS[3], 'by', ARGV[4])
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
local answer = { id, redis.call('HINCRBY', KEYS[3], 'attempt', 1), since }
for _, entry in ipairs(entries) do answer[#answer + 1] = entry[2][2] end
return answer`;

/** KEYS outbox, entries, delivery; ARGV channel, sender, when the next one may go → how many it told of; -1: it is another's by now */
export const FINISH = `
local kept = redis.call('HMGET', KEYS[3], 'by', 'first', 'last')
if kept[1] ~= ARGV[2] then return -1 end
local entries = redis.call('XRANGE', KEYS[2], kept[2], kept[3])
for _, entry in ipairs(entries) do redis.call('XDEL', KEYS[2], entry[1]) end
redis.call('HDEL', KEYS[3], 'id', 'first', 'last', 'since', 'attempt', 'by')
redis.call('HSET', KEYS[3], 'notBefore', ARGV[3])
if redis.call('XLEN', KEYS[2]) > 0 then
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return #entries`;

/** KEYS outbox, delivery; ARGV channel, sender, when → 1, or 0: it is another's by now */
export const PUT_BACK = `
if redis.call('HGET', KEYS[2], 'by') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[2], 'by')
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1`;

/** KEYS outbox, delivery; ARGV channel, now: what waits for another attempt is tried at once, unless somebody sends just now */
export const HURRY = `
if redis.call('HEXISTS', KEYS[2], 'by') == 1 then return 0 end
return redis.call('ZADD', KEYS[1], 'XX', 'CH', 'LT', ARGV[2], ARGV[1])`;
