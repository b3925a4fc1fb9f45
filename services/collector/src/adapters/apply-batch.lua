-- Applies one folded batch to one shard: all of it, or nothing when a request is not where the fold expected it.
-- It is idempotent by itself: the phase bits of each request say which events were counted.
-- Lua does not roll back, so everything is looked at before anything is written.
--
-- KEYS[1]     one of the shard's keys, for the way to it; the others are built from the prefix (one hash tag: one slot)
-- ARGV[1]     a MessagePack list: prefix, lease ms, default lease ms, request TTL s, minute rollup TTL s, hour rollup TTL s, feed length,
--             combination cap, check (1 or 0), whether hours may be in parts (1 or 0), apps (n, then n names),
--             then R and R requests, then the number of rollups and the rollups, then the totals (see batch-arguments.ts)
-- returns     {} when applied, else one {index, bits, provisional start, orphaned in, ended at, knows first token} a request
--             that is elsewhere
local START, FIRST_TOKEN, END, ORPHAN, ENDED = 1, 2, 4, 8, 12
-- The history of an hour is one list, or sixteen, where the hour before had more calls than Redis packs in one.
local PARTS, PART_MS, MOST_PACKED = 16, 225000, 1024
-- The feed is capped by its entries, so an entry must not be of any size; and the stack of Lua holds some thousands of values.
local MAX_ENTRY_LENGTH, MAX_ENTRY_VALUES, SLICE = 65536, 2000, 1000
-- A record is kept so much longer, counted from its start: so the end of a shorter call need not set its lifetime again.
local SPARE_SECONDS = 600
local call, band, bor, format, floor, max = redis.call, bit.band, bit.bor, string.format, math.floor, math.max
local values = cmsgpack.unpack(ARGV[1])
local next_value = 1
local function take()
  local value = values[next_value]
  next_value = next_value + 1
  return value
end

local prefix = take()
local lease_ms, default_lease_ms = take(), take()
local request_ttl, minute_ttl, hour_ttl = take(), take(), take()
local feed_length, combination_cap = take(), take()
local check, may_part = take() == 1, take() == 1

-- A list is left where it is: its first and last place among the values.
local function take_range()
  local count = take()
  local from = next_value
  next_value = from + count
  return from, from + count - 1
end
local apps_from, apps_to = take_range()
-- In slices: the stack of Lua holds some thousands of values.
local function in_slices(list, use)
  for from = 1, #list, SLICE do use(unpack(list, from, math.min(from + SLICE - 1, #list))) end
end

-- A request is its values, from the place where they begin: a table for each would cost more than most commands.
-- Its head, its fields, and the rest: 0, or 1 and its lease, or 2, its lease, its former end and the fields to delete.
local KEY, MEMBER, MASK, EXPECTED, TELLS, ENDED_AT, SET_COUNT, HEAD = 0, 1, 2, 3, 4, 5, 6, 7
local places, fresh = {}, {}
for i = 1, take() do
  local at = next_value
  places[i] = at
  if values[at + EXPECTED] < 0 and band(values[at + MASK], START) ~= 0 then fresh[#fresh + 1] = values[at + KEY] end
  local rest = at + HEAD + values[at + SET_COUNT]
  local kind = values[rest]
  next_value = rest + 1
  if kind > 0 then next_value = rest + 3 end
  if kind == 2 then next_value = rest + 5 + values[rest + 4] end
end

-- Calls that start are new, but for those that come again: one question for all of them mostly says so.
local known_of_fresh = 0
in_slices(fresh, function(...) known_of_fresh = known_of_fresh + call('EXISTS', ...) end)

-- What an end tells of its call's start.
local KNOWN = { 'a', 's', 'in', 'f' }
local found, starts, elsewhere = {}, {}, {}
for i, at in ipairs(places) do
  local key, mask, expected, bits = values[at + KEY], values[at + MASK], values[at + EXPECTED], 0
  if values[at + TELLS] == 'e' and band(mask, START) == 0 then
    local known = call('HMGET', key, 'b', unpack(KNOWN))
    starts[i] = known
    bits = tonumber(known[1] or '0')
  elseif known_of_fresh > 0 or expected >= 0 or band(mask, START) == 0 then
    bits = tonumber(call('HGET', key, 'b') or '0')
  end
  local fits
  if not check then fits = true
  elseif expected >= 0 then fits = bits == expected
  elseif band(mask, START) ~= 0 then fits = bits == 0
  else fits = band(bits, mask) == 0 and band(bits, START) ~= 0 and band(bits, ENDED) == 0
  end
  if not fits then
    local known = call('HMGET', key, 'ps', 'oi', 'e', 'f')
    elsewhere[#elsewhere + 1] = { i - 1, bits, known[1] or '', known[2] or '', known[3] or '', known[4] and 1 or 0 }
  end
  found[i] = bits
end
if #elsewhere > 0 then return elsewhere end

-- Redis writes a number of Lua's by way of its decimals, and a text as it is.
local function to_text(number) return format('%d', number) end
local time = call('TIME')
local now_ms = tonumber(time[1]) * 1000 + floor(tonumber(time[2]) / 1000)
local gone_at = to_text(now_ms + (request_ttl + SPARE_SECONDS) * 1000)
local feed, beats_key, rollups_key, history_prefix = prefix .. 'feed', prefix .. 'beats', prefix .. 'roll:', prefix .. 'hist:'
local active, live = prefix .. 'active', prefix .. 'live'

-- A call's lease: short when its instance is known to beat, else its own time-out or the default.
local leases = {}
local usual_lease = to_text(now_ms + default_lease_ms)
local function lease_of(instance, timeout_ms)
  local lease = leases[instance]
  if lease == nil then
    local beat = instance ~= '' and tonumber(call('HGET', beats_key, instance) or '0') or 0
    lease = now_ms - beat < lease_ms and to_text(now_ms + lease_ms)
    leases[instance] = lease
  end
  return lease or (timeout_ms >= 0 and to_text(now_ms + timeout_ms) or usual_lease)
end

-- The change feed: entries of `<member> <what><bits>` and the fields that were written, as they are stored.
local entry, entry_count, entry_length = {}, 0, 0
local function write_entry()
  if entry_count == 0 then return end
  call('XADD', feed, 'MAXLEN', '~', feed_length, '*', unpack(entry))
  entry, entry_count, entry_length = {}, 0, 0
end
local function tell(at, mark, known, bits, set_from, set_to)
  local n, length = entry_count, entry_length
  entry[n + 1], entry[n + 2] = values[at + MEMBER], mark
  n = n + 2
  -- Who has not seen the start must be able to show the end.
  if known and band(bits, START) ~= 0 then
    for i, name in ipairs(KNOWN) do
      local value = known[i + 1]
      if value then
        entry[n + 1], entry[n + 2] = name, value
        n, length = n + 2, length + #value
      end
    end
  end
  for i = set_from, set_to do
    n = n + 1
    local value = values[i]
    entry[n] = value
    length = length + #value
  end
  entry_count, entry_length = n, length
  if length > MAX_ENTRY_LENGTH or n > MAX_ENTRY_VALUES then write_entry() end
end

local function needs_lifetime(bits, ended_at, known)
  if bits == 0 then return true end
  if ended_at == '' then return false end
  local started_at = known and known[3]
  return not started_at or ended_at - started_at > SPARE_SECONDS * 1000
end
-- As JavaScript writes the number: the hour, and what of it had passed when the part began.
local function part_name(part) return format('%.14g', part / PARTS) end
local parted_key, hours_key = prefix .. 'hist-parted', prefix .. 'hist'
local function count_hour(hour)
  local count, parts = 0, call('ZSCORE', parted_key, to_text(hour)) and PARTS or 1
  for part = hour * PARTS, hour * PARTS + parts - 1 do count = count + call('ZCARD', history_prefix .. part_name(part)) end
  return count
end
-- It is decided by the first call of an hour, and stays so.
local parted, some_parted = {}, false
local function is_parted(hour)
  local known = parted[hour]
  if known ~= nil then return known end
  local name = to_text(hour)
  known = call('ZSCORE', parted_key, name) ~= false
  if not known and may_part and call('SISMEMBER', hours_key, name) == 0 and count_hour(hour - 1) > MOST_PACKED then
    known = true
    call('ZADD', parted_key, name, name)
  end
  parted[hour], some_parted = known, some_parted or known
  return known
end
-- Most calls of a batch end within one part.
local part_from, part_to, part_text, part_hour = 0, 0, '', 0
local function history_of(ended_at)
  local at = tonumber(ended_at)
  if at < part_from or at >= part_to then
    local part = floor(at / PART_MS)
    local hour = floor(part / PARTS)
    part_from, part_to = part * PART_MS, (part + 1) * PART_MS
    part_text, part_hour = part_name(is_parted(hour) and part or hour * PARTS), hour
  end
  return part_text, part_hour
end

local BIT_TEXTS, MARKS = {}, { s = {}, f = {}, e = {} }
for bits = 0, START + FIRST_TOKEN + END + ORPHAN do
  BIT_TEXTS[bits] = to_text(bits)
  for mark, texts in pairs(MARKS) do texts[bits] = mark .. bits end
end
local running, ended, history = {}, {}, {}
for i, at in ipairs(places) do
  local key, member, tells, ended_at = values[at + KEY], values[at + MEMBER], values[at + TELLS], values[at + ENDED_AT]
  local bits_before, known = found[i], starts[i]
  local bits = bor(bits_before, values[at + MASK])
  local set_from = at + HEAD
  local rest = set_from + values[at + SET_COUNT]
  if tells ~= '' then tell(at, MARKS[tells][bits], known, bits_before, set_from, rest - 1) end
  if values[rest] == 2 then
    local former_ended_at, count = values[rest + 3], values[rest + 4]
    if count > 0 then call('HDEL', key, unpack(values, rest + 5, rest + 4 + count)) end
    if former_ended_at ~= '' then
      local part = floor(former_ended_at / PART_MS)
      for _, name in ipairs({ part_name(part), part_name(floor(part / PARTS) * PARTS) }) do call('ZREM', history_prefix .. name, member) end
    end
  end
  call('HSET', key, 'b', BIT_TEXTS[bits], unpack(values, set_from, rest - 1))
  if needs_lifetime(bits_before, ended_at, known) then call('PEXPIREAT', key, gone_at) end
  if bits >= END then
    ended[#ended + 1] = member
  elseif band(bits_before, START) == 0 then
    local n = #running
    local has_lease = values[rest] > 0
    running[n + 1] = lease_of(has_lease and values[rest + 1] or '', has_lease and values[rest + 2] or -1)
    running[n + 2] = member
  end
  if ended_at ~= '' then
    local name, hour = history_of(ended_at)
    local listed = history[name]
    if not listed then
      listed = {}
      history[name] = listed
      call('SADD', hours_key, to_text(hour))
    end
    local n = #listed
    listed[n + 1], listed[n + 2] = ended_at, member
  end
end
in_slices(running, function(...) call('ZADD', active, ...) end)
in_slices(ended, function(...)
  call('ZREM', active, ...)
  call('HDEL', live, ...)
end)
for name, listed in pairs(history) do
  local key = history_prefix .. name
  in_slices(listed, function(...) call('ZADD', key, ...) end)
  call('EXPIRE', key, request_ttl)
end
-- Who reads would not find the parts without it. Which hours are gone, who lets their calls go takes out of it.
if some_parted then call('EXPIRE', parted_key, request_ttl + 7200) end

-- Adds to fields of a hash, by one read and one write: a command a field costs several times as much. The names are in the given
-- places, and what is added to them directly behind.
local MOST = 9007199254740991
-- Most counts of latency buckets are small: each is written as a text once.
local MOST_KNOWN, known_texts = 4096, {}
local function write_sum(sum)
  local text = format('%d', sum)
  if sum >= 0 and sum <= MOST_KNOWN then known_texts[sum] = text end
  return text
end
local function add_all(key, from, to, exists)
  if to < from then return end
  local known = exists and call('HMGET', key, unpack(values, from, to))
  local added_from, known_from, sums, n = to + 1 - from, 1 - from, {}, 0
  for at = from, to do
    local name, sum = values[at], values[at + added_from]
    local now = known and known[at + known_from]
    now = now and tonumber(now)
    if now then sum = name == 'lu' and max(now, sum) or now + sum end
    -- What is taken back from a hash that has expired since has nowhere to be taken from; and a sum that cannot grow any more must
    -- not take the rest of the batch along.
    if (exists or sum >= 0) and sum <= MOST and sum >= -MOST then
      sums[n + 1], sums[n + 2] = name, known_texts[sum] or write_sum(sum)
      n = n + 2
    end
  end
  if n > 0 then call('HSET', key, unpack(sums)) end
end
local function take_additions()
  local from, to = take_range()
  next_value = next_value + to + 1 - from
  return from, to
end

for _ = 1, take() do
  local bucket, member = take(), take()
  local from, to = take_additions()
  local key = rollups_key .. bucket .. ':' .. member
  local exists = call('EXISTS', key) == 1
  if not exists then
    local index = prefix .. 'rolls:' .. bucket
    -- What is counted over all time is kept for all time: there are no more of it than the cap.
    local ttl
    if bucket ~= 'all' then ttl = string.sub(bucket, 1, 1) == 'm' and minute_ttl or hour_ttl end
    -- Names come from outside: beyond the cap they share one rollup.
    if call('SISMEMBER', index, member) == 0 and call('SCARD', index) >= combination_cap then
      member = string.sub(member, -5) == ':demo' and 'other:other:other:demo' or 'other:other:other'
      key = rollups_key .. bucket .. ':' .. member
      exists = call('EXISTS', key) == 1
    end
    if not exists then
      call('SADD', index, member)
      if ttl then call('EXPIRE', index, ttl) end
    end
    add_all(key, from, to, exists)
    if not exists and ttl then call('EXPIRE', key, ttl) end
  else
    add_all(key, from, to, true)
  end
end

for _, name in ipairs({ 'totals', 'totals:demo' }) do
  local from, to = take_additions()
  add_all(prefix .. name, from, to, true)
end

if apps_to >= apps_from then call('SADD', prefix .. 'apps', unpack(values, apps_from, apps_to)) end
write_entry()
return {}
