#!lua flags=allow-oom
-- Writes fields of requests of one shard in the place of what was read of them. What changed meanwhile is left alone.
-- KEYS  request hashes
-- ARGV  for each its fields `a` and `z` as they were read, then as they are to be; '' where there is none
-- returns how many were changed
local changed = 0
for i, key in ipairs(KEYS) do
  local at = (i - 1) * 4
  local known = redis.call('HMGET', key, 'a', 'z')
  if (known[1] or '') == ARGV[at + 1] and (known[2] or '') == ARGV[at + 2] then
    if known[1] then redis.call('HSET', key, 'a', ARGV[at + 3]) end
    if known[2] then redis.call('HSET', key, 'z', ARGV[at + 4]) end
    changed = changed + 1
  end
end
return changed
