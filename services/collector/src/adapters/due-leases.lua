-- Finds calls of one shard whose lease has run out, or whose instance beat once and fell silent.
-- KEYS  active, beats
-- ARGV  prefix of request keys, lease ms, most members
-- returns members; their leases are moved on, so that the next look does not find them again at once
local time = redis.call('TIME')
local now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease_ms, most = tonumber(ARGV[2]), tonumber(ARGV[3])

local silent, any_silent = {}, false
local beats = redis.call('HGETALL', KEYS[2])
for i = 1, #beats, 2 do
  if now_ms - tonumber(beats[i + 1]) >= lease_ms then
    silent[beats[i]] = true
    any_silent = true
  end
end
if any_silent then
  -- Their calls may have longer leases, given before the first beat. Looked at once: then the instance is forgotten.
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local colon = string.find(member, ':', 1, true)
    local id, app = string.sub(member, 1, colon - 1), string.sub(member, colon + 1)
    local instance = redis.call('HGET', ARGV[1] .. 'req:' .. app .. ':' .. id, 'in')
    if instance and silent[app .. ':' .. instance] then redis.call('ZADD', KEYS[1], 'XX', 'LT', now_ms, member) end
  end
  for field in pairs(silent) do redis.call('HDEL', KEYS[2], field) end
end

local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_ms, 'LIMIT', 0, most)
for _, member in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', now_ms + lease_ms, member) end
return due
