-- Notes in one shard that an instance lives, and renews the leases of the calls that it says it runs.
-- KEYS  beats, active
-- ARGV  `<app>:<instance>`, lease ms, then request members
local time = redis.call('TIME')
local now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[1], ARGV[1], now_ms)
for i = 3, #ARGV do
  -- Only of calls that run: a beat never brings an ended one back.
  redis.call('ZADD', KEYS[2], 'XX', now_ms + tonumber(ARGV[2]), ARGV[i])
end
return #ARGV - 2
