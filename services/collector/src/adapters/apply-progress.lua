-- Keeps the last progress of calls of one shard, of running ones only.
-- KEYS  live, active
-- ARGV  TTL s, then member and progress (JSON) in turn
local kept = 0
for i = 2, #ARGV, 2 do
  if redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    kept = kept + 1
  end
end
if kept > 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return kept
