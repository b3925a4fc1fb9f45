-- First part of the script that applies one folded batch to one shard: all of it, or nothing when a request is not where the fold
-- expected it. The four parts are one script: what is local in one is so in those behind it.
-- It is idempotent by itself: the phase bits of each request say which events were counted.
-- Lua does not roll back, so everything is looked at before anything is written.
--
-- KEYS[1]     one of the shard's keys, for the way to it; the others are built from the prefix (one hash tag: one slot)
-- ARGV[1]     a MessagePack list: prefix, lease ms, default lease ms, request TTL s, minute rollup TTL s, hour rollup TTL s, feed length,
--             combination cap, check (1 or 0), whether hours may be in parts (1 or 0), whether entries of the feed are one value (1 or 0),
--             apps (n, then n names),
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
local check, may_part, joins = take() == 1, take() == 1, take() == 1

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
-- When it ended is there as a text (empty: it did not) and as a number, since one is not made of the other for nothing.
local KEY, MEMBER, MASK, EXPECTED, TELLS, ENDED_AT, ENDED_AT_MS, SET_COUNT, HEAD = 0, 1, 2, 3, 4, 5, 6, 7, 8
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
-- Looked up: to make a number of a text takes as long as asking for it.
local BIT_TEXTS, BITS_OF = {}, {}
for bits = 0, START + FIRST_TOKEN + END + ORPHAN do
  local text = format('%d', bits)
  BIT_TEXTS[bits], BITS_OF[text] = text, bits
end
for i = 1, #places do
  local at = places[i]
  local key, mask, expected, bits = values[at + KEY], values[at + MASK], values[at + EXPECTED], 0
  if values[at + TELLS] == 'e' and band(mask, START) == 0 then
    local known = call('HMGET', key, 'b', unpack(KNOWN))
    starts[i] = known
    bits = BITS_OF[known[1]] or tonumber(known[1] or '0')
  elseif known_of_fresh > 0 or expected >= 0 or band(mask, START) == 0 then
    local known = call('HGET', key, 'b')
    bits = BITS_OF[known] or tonumber(known or '0')
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
