-- Applies one folded batch to one shard: all of it, or nothing when a request is not where the fold expected it.
-- It is idempotent by itself: the phase bits of each request say which events were counted.
-- Lua does not roll back, so everything is looked at before anything is written.
--
-- KEYS[1]     one of the shard's keys, for the way to it; the others are built from the prefix (one hash tag: one slot)
-- ARGV[1]     a MessagePack list: prefix, lease ms, default lease ms, request TTL s, minute rollup TTL s, hour rollup TTL s, feed length,
--             combination cap, check (1 or 0), apps (n, then n names),
--             then R and R requests, then the number of rollups and the rollups, then the totals (see batch-arguments.ts)
-- returns     {} when applied, else one {index, bits, provisional start, orphaned in, ended at, knows first token} a request
--             that is elsewhere
local START, FIRST_TOKEN, END, ORPHAN, ENDED = 1, 2, 4, 8, 12
local HOUR_MS = 3600000
-- The feed is capped by its entries, so an entry must not be of any size; and the stack of Lua holds some thousands of values.
local MAX_ENTRY_LENGTH, MAX_ENTRY_VALUES = 65536, 2000
-- A record is kept so much longer, counted from its start: so the end of a shorter call need not set its lifetime again.
local SPARE_SECONDS = 600
local values = cmsgpack.unpack(ARGV[1])
local next_value = 1
local function take()
  local value = values[next_value]
  next_value = next_value + 1
  return value
end
local function take_number() return tonumber(take()) end

local prefix = take()
local lease_ms, default_lease_ms = take_number(), take_number()
local request_ttl, minute_ttl, hour_ttl = take_number(), take(), take()
local feed_length, combination_cap = take(), take_number()
local check = take_number() == 1

-- A list is left where it is: its first and last place among the values.
local function take_range()
  local count = take_number()
  local from = next_value
  next_value = from + count
  return from, from + count - 1
end
local apps_from, apps_to = take_range()

-- What an end tells of its call's start.
local KNOWN = { 'a', 's', 'in', 'f' }
local requests, elsewhere = {}, {}
for i = 1, take_number() do
  local at = next_value
  local r = {
    key = values[at], member = values[at + 1], instance = values[at + 2], expected = values[at + 3],
    mask = values[at + 4], timeout_ms = tonumber(values[at + 5]), ended_at = values[at + 6],
    former_ended_at = values[at + 7], tells = values[at + 8],
    set_from = 0, set_to = 0, unset_from = 0, unset_to = 0, bits = 0, known = false,
  }
  next_value = at + 9
  r.set_from, r.set_to = take_range()
  r.unset_from, r.unset_to = take_range()
  if r.tells == 'e' and bit.band(r.mask, START) == 0 then
    r.known = redis.call('HMGET', r.key, 'b', unpack(KNOWN))
    r.bits = tonumber(r.known[1] or '0')
  else
    r.bits = tonumber(redis.call('HGET', r.key, 'b') or '0')
  end
  local fits
  if not check then fits = true
  elseif r.expected >= 0 then fits = r.bits == r.expected
  elseif bit.band(r.mask, START) ~= 0 then fits = r.bits == 0
  else
    fits = bit.band(r.bits, r.mask) == 0 and bit.band(r.bits, START) ~= 0 and bit.band(r.bits, ENDED) == 0
  end
  if not fits then
    local known = redis.call('HMGET', r.key, 'ps', 'oi', 'e', 'f')
    elsewhere[#elsewhere + 1] =
      { i - 1, r.bits, known[1] or '', known[2] or '', known[3] or '', known[4] and 1 or 0 }
  end
  requests[i] = r
end
if #elsewhere > 0 then return elsewhere end

local time = redis.call('TIME')
local now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- A call's lease: short when its instance is known to beat, else its own time-out or the default.
local beats = {}
local function lease_of(r)
  if r.instance ~= '' then
    local beat = beats[r.instance]
    if beat == nil then
      beat = tonumber(redis.call('HGET', prefix .. 'beats', r.instance) or '0')
      beats[r.instance] = beat
    end
    if now_ms - beat < lease_ms then return now_ms + lease_ms end
  end
  return now_ms + (r.timeout_ms >= 0 and r.timeout_ms or default_lease_ms)
end

-- The change feed: entries of `<member> <what><bits>` and the fields that were written, as they are stored.
local entry, entry_length = {}, 0
local function write_entry()
  if #entry == 0 then return end
  redis.call('XADD', prefix .. 'feed', 'MAXLEN', '~', feed_length, '*', unpack(entry))
  entry, entry_length = {}, 0
end
local function tell(r, bits)
  local n = #entry
  entry[n + 1], entry[n + 2] = r.member, r.tells .. bits
  n = n + 2
  -- Who has not seen the start must be able to show the end.
  if r.known and bit.band(r.bits, START) ~= 0 then
    for i, name in ipairs(KNOWN) do
      local value = r.known[i + 1]
      if value then
        entry[n + 1], entry[n + 2] = name, value
        n, entry_length = n + 2, entry_length + #value
      end
    end
  end
  for i = r.set_from, r.set_to do
    n = n + 1
    entry[n] = values[i]
    entry_length = entry_length + #values[i]
  end
  if entry_length > MAX_ENTRY_LENGTH or n > MAX_ENTRY_VALUES then write_entry() end
end

local function needs_lifetime(r)
  if r.bits == 0 then return true end
  if r.ended_at == '' then return false end
  local started_at = r.known and r.known[3]
  return not started_at or r.ended_at - started_at > SPARE_SECONDS * 1000
end
local function history_key(ended_at)
  return prefix .. 'hist:' .. string.format('%d', math.floor(ended_at / HOUR_MS))
end

-- Redis writes a number of Lua's by way of its decimals, and a text as it is.
local BIT_TEXTS = {}
for bits = 0, START + FIRST_TOKEN + END + ORPHAN do BIT_TEXTS[bits] = tostring(bits) end
local running, ended, history = {}, {}, {}
for _, r in ipairs(requests) do
  local bits = bit.bor(r.bits, r.mask)
  if r.tells ~= '' then tell(r, bits) end
  if r.unset_to >= r.unset_from then redis.call('HDEL', r.key, unpack(values, r.unset_from, r.unset_to)) end
  redis.call('HSET', r.key, 'b', BIT_TEXTS[bits], unpack(values, r.set_from, r.set_to))
  if needs_lifetime(r) then redis.call('EXPIRE', r.key, request_ttl + SPARE_SECONDS) end
  if bit.band(bits, ENDED) ~= 0 then
    ended[#ended + 1] = r.member
  elseif bit.band(r.bits, START) == 0 then
    running[#running + 1] = lease_of(r)
    running[#running + 1] = r.member
  end
  if r.former_ended_at ~= '' then redis.call('ZREM', history_key(r.former_ended_at), r.member) end
  if r.ended_at ~= '' then
    local hour = math.floor(r.ended_at / HOUR_MS)
    local of_hour = history[hour] or {}
    of_hour[#of_hour + 1] = r.ended_at
    of_hour[#of_hour + 1] = r.member
    history[hour] = of_hour
  end
end
-- In slices: the stack of Lua holds some thousands of values.
local function in_slices(list, call)
  for from = 1, #list, 1000 do call(unpack(list, from, math.min(from + 999, #list))) end
end
in_slices(running, function(...) redis.call('ZADD', prefix .. 'active', ...) end)
in_slices(ended, function(...)
  redis.call('ZREM', prefix .. 'active', ...)
  redis.call('HDEL', prefix .. 'live', ...)
end)
for hour, pairs_of_hour in pairs(history) do
  local key = history_key(hour * HOUR_MS)
  in_slices(pairs_of_hour, function(...) redis.call('ZADD', key, ...) end)
  redis.call('EXPIRE', key, request_ttl)
  redis.call('SADD', prefix .. 'hist', string.format('%d', hour))
end

-- Adds fields and values to a hash, by one read and one write: a command a field costs several times as much.
local MOST = 9007199254740991
local function add_all(key, from, to, exists)
  local names = {}
  for i = from, to, 2 do names[#names + 1] = values[i] end
  if #names == 0 then return end
  local known = exists and redis.call('HMGET', key, unpack(names)) or {}
  local sums = {}
  for i, name in ipairs(names) do
    local value, now = tonumber(values[from + 2 * i - 1]), tonumber(known[i] or '0') or 0
    local sum = now + value
    if name == 'lu' then sum = math.max(now, value) end
    -- What is taken back from a hash that has expired since has nowhere to be taken from; and a sum that cannot grow any more must
    -- not take the rest of the batch along.
    if (exists or value >= 0) and math.abs(sum) <= MOST then
      sums[#sums + 1] = name
      sums[#sums + 1] = string.format('%.0f', sum)
    end
  end
  if #sums > 0 then redis.call('HSET', key, unpack(sums)) end
end

for _ = 1, take_number() do
  local bucket, member = take(), take()
  local from, to = take_range()
  local key = prefix .. 'roll:' .. bucket .. ':' .. member
  local exists = redis.call('EXISTS', key) == 1
  if not exists then
    local index = prefix .. 'rolls:' .. bucket
    -- What is counted over all time is kept for all time: there are no more of it than the cap.
    local ttl
    if bucket ~= 'all' then ttl = string.sub(bucket, 1, 1) == 'm' and minute_ttl or hour_ttl end
    -- Names come from outside: beyond the cap they share one rollup.
    if redis.call('SISMEMBER', index, member) == 0 and redis.call('SCARD', index) >= combination_cap then
      member = string.sub(member, -5) == ':demo' and 'other:other:other:demo' or 'other:other:other'
      key = prefix .. 'roll:' .. bucket .. ':' .. member
      exists = redis.call('EXISTS', key) == 1
    end
    if not exists then
      redis.call('SADD', index, member)
      if ttl then redis.call('EXPIRE', index, ttl) end
    end
    add_all(key, from, to, exists)
    if not exists and ttl then redis.call('EXPIRE', key, ttl) end
  else
    add_all(key, from, to, true)
  end
end

for _, name in ipairs({ 'totals', 'totals:demo' }) do
  local from, to = take_range()
  add_all(prefix .. name, from, to, true)
end

if apps_to >= apps_from then redis.call('SADD', prefix .. 'apps', unpack(values, apps_from, apps_to)) end
write_entry()
return {}
