#!lua flags=allow-oom
-- Lets requests of one shard go, of those given that have ended: out of the history, and all that they say. What is left of a
-- young one are its phase bits, so that an event of it that comes again is not counted again. It makes room, so it may run in a
-- full Redis.
-- KEYS  active, shed counters
-- ARGV  prefix, seconds that bits are kept, from when (`end`, or `now` and all bits set: nothing of it is counted any more),
--       counter ('' for none), an hour or a part of one in the history ('' for none) to be cleaned of what has no record, then members
-- returns {dropped, running}
local START_TO_ORPHAN = 15
local prefix, kept_s, from, counter, hour = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local now_s = tonumber(redis.call('TIME')[1])
local dropped, running = 0, 0

local function keep_bits(key, bits, oi, ps, ttl)
  redis.call('DEL', key)
  if ttl <= 0 then return end
  redis.call('HSET', key, 'b', from == 'now' and START_TO_ORPHAN or bits)
  -- A late end takes back from where the finding or the start was counted: names of rollups, and nothing of the call.
  if from ~= 'now' and oi then redis.call('HSET', key, 'oi', oi) end
  if from ~= 'now' and ps then redis.call('HSET', key, 'ps', ps) end
  redis.call('EXPIRE', key, ttl)
end

for i = 6, #ARGV do
  local member = ARGV[i]
  local id, app = string.match(member, '^([^:]*):(.*)$')
  local key = prefix .. 'req:' .. app .. ':' .. id
  local known = redis.call('HMGET', key, 'b', 'e', 'oi', 'ps')
  local bits, ended_at = tonumber(known[1] or '0'), tonumber(known[2] or '')
  local is_gone = false
  if bits ~= 0 and bits < 4 then
    running = running + 1
  elseif bits ~= 0 and ended_at then
    local ttl = from == 'now' and kept_s or math.floor(ended_at / 1000) + kept_s - now_s
    keep_bits(key, bits, known[3], known[4], ttl)
    -- Its hour may be in parts; see apply-batch.lua.
    for _, part in ipairs({ math.floor(ended_at / 3600000), math.floor(ended_at / 225000) / 16 }) do
      if redis.call('ZREM', prefix .. 'hist:' .. string.format('%.14g', part), member) == 1 then is_gone = true end
    end
    redis.call('ZREM', KEYS[1], member)
    redis.call('HDEL', prefix .. 'live', member)
  end
  if hour ~= '' and (bits == 0 or bits >= 4) then
    if redis.call('ZREM', prefix .. 'hist:' .. hour, member) == 1 then is_gone = true end
  end
  if is_gone then dropped = dropped + 1 end
end
-- An hour is there as long as any part of it is.
if hour ~= '' then
  local whole, lists = math.floor(tonumber(hour)), {}
  for i = 1, 16 do lists[i] = prefix .. 'hist:' .. string.format('%.14g', whole + (i - 1) / 16) end
  if redis.call('EXISTS', unpack(lists)) == 0 then
    redis.call('SREM', prefix .. 'hist', whole)
    redis.call('ZREM', prefix .. 'hist-parted', whole)
  end
end
if counter ~= '' and dropped > 0 then
  redis.call('HINCRBY', KEYS[2], counter, dropped)
  redis.call('HSET', KEYS[2], 'lastAtMs', now_s * 1000)
end
return { dropped, running }
