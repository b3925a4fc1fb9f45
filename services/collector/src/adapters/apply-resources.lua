-- Notes in requests of one shard what their server took meanwhile: only in requests that are kept, and never less than is known.
-- The energy of those that have ended is counted where their end was: once, and a later figure by what it differs.
-- KEYS  request hashes; every other key of the shard is built from the prefix (one hash tag: one slot)
-- ARGV  prefix, the field, then for each request its figures (JSON) with the number of samples behind them, its energy (J) or '',
--       when it was seen to have ended or '', and where that is counted: minute, hour, member, the name of the totals
-- returns how many were written
local ENDED, COUNTED = 12, 'ec'
local prefix, field = ARGV[1], ARGV[2]

-- A combination beyond the cap is counted under another name, and what has expired nowhere.
local function rollup_of(bucket, member)
  local key = prefix .. 'roll:' .. bucket .. ':' .. member
  if redis.call('EXISTS', key) == 1 then return key end
  local other = string.sub(member, -5) == ':demo' and 'other:other:other:demo' or 'other:other:other'
  key = prefix .. 'roll:' .. bucket .. ':' .. other
  return redis.call('EXISTS', key) == 1 and key or nil
end

local function count(key, at, joules)
  local known = tonumber(redis.call('HGET', key, COUNTED))
  if known == joules then return end
  local member = ARGV[at + 5]
  local sums = { prefix .. ARGV[at + 6] }
  for _, bucket in ipairs({ ARGV[at + 3], ARGV[at + 4], 'all' }) do
    sums[#sums + 1] = rollup_of(bucket, member)
  end
  for _, sum in ipairs(sums) do
    redis.call('HINCRBY', sum, 'ej', joules - (known or 0))
    if not known then redis.call('HINCRBY', sum, 'en', 1) end
  end
  redis.call('HSET', key, COUNTED, string.format('%.0f', joules))
end

local written = 0
for i, key in ipairs(KEYS) do
  local at = 3 + (i - 1) * 7
  local figures, joules, ended_at = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local now = redis.call('HMGET', key, 'b', field, 'e')
  if now[1] then
    local known = now[2]
    if not known or (cjson.decode(known).samples or 0) <= cjson.decode(figures).samples then
      redis.call('HSET', key, field, figures)
      written = written + 1
      local is_ended = bit.band(tonumber(now[1]), ENDED) ~= 0
      if joules and is_ended and now[3] == ended_at then count(key, at, joules) end
    end
  end
end
return written
