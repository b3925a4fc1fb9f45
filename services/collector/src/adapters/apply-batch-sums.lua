-- Last part of the script: adds to counts, and ends it.
-- Adds to fields of a hash, by one read and one write: a command a field costs several times as much. From the first place on: names of
-- fields, names of blocks, what is added to the fields, then for each block how many values follow, and those.
local MOST = 9007199254740991
-- Most counts of latency buckets are small: each is written as a text once.
local MOST_KNOWN, known_texts = 4096, {}
local function write_sum(sum)
  local text = format('%d', sum)
  if sum >= 0 and sum <= MOST_KNOWN then known_texts[sum] = text end
  return text
end
local function add_all(key, exists)
  local values, known_texts, at = values, known_texts, next_value
  local fields, blocks = values[at], values[at + 1]
  local names, count = at + 1, fields + blocks
  local added = names + count
  at = added + fields + 1
  next_value = at
  if count == 0 then return end
  local known = exists and call('HMGET', key, unpack(values, names + 1, added))
  local sums, n = {}, 0
  for i = 1, fields do
    local name, sum = values[names + i], values[added + i]
    local now = known and known[i]
    now = now and tonumber(now)
    if now then sum = name == 'lu' and max(now, sum) or now + sum end
    -- What is taken back from a hash that has expired since has nowhere to be taken from; and a sum that cannot grow any more must
    -- not take the rest of the batch along.
    if (exists or sum >= 0) and sum <= MOST and sum >= -MOST then
      sums[n + 1], sums[n + 2] = name, known_texts[sum] or write_sum(sum)
      n = n + 2
    end
  end
  for i = fields + 1, count do
    local from = at + 1
    at = from + values[at]
    sums[n + 1], sums[n + 2] = values[names + i], add_to_block(known and known[i], from, at - 1)
    n = n + 2
  end
  next_value = at
  if n > 0 then call('HSET', key, unpack(sums)) end
end
for _ = 1, take() do
  local bucket, member = take(), take()
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
    add_all(key, exists)
    if not exists and ttl then call('EXPIRE', key, ttl) end
  else
    add_all(key, true)
  end
end

for _, name in ipairs({ 'totals', 'totals:demo' }) do
  add_all(prefix .. name, true)
end

if apps_to >= apps_from then call('SADD', prefix .. 'apps', unpack(values, apps_from, apps_to)) end
write_entry()
return {}
