-- Second part of the script: writes the requests, tells of them in the feed, lists those that run and those that ended.
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

-- The change feed: entries of `<member> <what><bits>` and the fields that were written, as they are stored. All of an entry is one value, with
-- a byte between that is in no text (see feed.ts of the contracts): Redis takes as long for each value as for its letters.
local JOINED, JOINT = 'joined', '\255'
local entry, entry_count, entry_length = {}, 0, 0
local function write_entry()
  if entry_count == 0 then return end
  if joins then
    call('XADD', feed, 'MAXLEN', '~', feed_length, '*', JOINED, table.concat(entry, JOINT, 1, entry_count))
  else
    call('XADD', feed, 'MAXLEN', '~', feed_length, '*', unpack(entry, 1, entry_count))
  end
  entry_count, entry_length = 0, 0
end
local function tell(member, what, known, set_from, set_to)
  local values, entry, names, n, length = values, entry, KNOWN, entry_count, entry_length
  entry[n + 1], entry[n + 2] = member, what
  n = n + 2
  for i = 1, known and #names or 0 do
    local value = known[i + 1]
    if value then
      entry[n + 1], entry[n + 2] = names[i], value
      n, length = n + 2, length + #value
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

local function needs_lifetime(bits, ended_at_ms, known)
  if bits == 0 then return true end
  if not ended_at_ms then return false end
  local started_at = known and known[3]
  return not started_at or ended_at_ms - started_at > SPARE_SECONDS * 1000
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
local function history_of(at)
  if at < part_from or at >= part_to then
    local part = floor(at / PART_MS)
    local hour = floor(part / PARTS)
    part_from, part_to = part * PART_MS, (part + 1) * PART_MS
    part_text, part_hour = part_name(is_parted(hour) and part or hour * PARTS), hour
  end
  return part_text, part_hour
end

local MARKS = { s = {}, f = {}, e = {} }
for bits = 0, START + FIRST_TOKEN + END + ORPHAN do
  for mark, texts in pairs(MARKS) do texts[bits] = mark .. bits end
end
local running, ended, history = {}, {}, {}
for i = 1, #places do
  local at = places[i]
  local key, member, tells, ended_at = values[at + KEY], values[at + MEMBER], values[at + TELLS], values[at + ENDED_AT]
  local bits_before, known = found[i], starts[i]
  local bits = bor(bits_before, values[at + MASK])
  local set_from = at + HEAD
  local rest = set_from + values[at + SET_COUNT]
  if tells ~= '' then
    -- Who has not seen the start must be able to show the end.
    tell(member, MARKS[tells][bits], band(bits_before, START) ~= 0 and known, set_from, rest - 1)
  end
  if values[rest] == 2 then
    local former_ended_at, count = values[rest + 3], values[rest + 4]
    if count > 0 then call('HDEL', key, unpack(values, rest + 5, rest + 4 + count)) end
    if former_ended_at ~= '' then
      local part = floor(former_ended_at / PART_MS)
      for _, name in ipairs({ part_name(part), part_name(floor(part / PARTS) * PARTS) }) do call('ZREM', history_prefix .. name, member) end
    end
  end
  call('HSET', key, 'b', BIT_TEXTS[bits], unpack(values, set_from, rest - 1))
  if needs_lifetime(bits_before, ended_at ~= '' and values[at + ENDED_AT_MS], known) then call('PEXPIREAT', key, gone_at) end
  if bits >= END then
    ended[#ended + 1] = member
  elseif band(bits_before, START) == 0 then
    local n = #running
    local has_lease = values[rest] > 0
    running[n + 1] = lease_of(has_lease and values[rest + 1] or '', has_lease and values[rest + 2] or -1)
    running[n + 2] = member
  end
  if ended_at ~= '' then
    local name, hour = history_of(values[at + ENDED_AT_MS])
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
-- Up to 1,024 calls that run would be a packed list, which is gone through from its beginning for each that starts or ends. A member too long for one,
-- for this moment, makes it a tree, which it stays until it is empty.
local UNPACKED_FROM, TOO_LONG = 16, string.rep('.', 65)
local unpacks = #running >= 2 * UNPACKED_FROM
if unpacks then call('ZADD', active, '0', TOO_LONG) end
in_slices(running, function(...) call('ZADD', active, ...) end)
if unpacks then call('ZREM', active, TOO_LONG) end
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
