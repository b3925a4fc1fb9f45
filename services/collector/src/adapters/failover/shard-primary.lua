-- Which server is the primary of one shard, and which was it when all that it had was last noted?
-- KEYS[1] the shard's note: id, floor, by, until
-- ARGV    look, floor of the consumer or ''            returns {present id, noted id or '', noted floor or ''}
--         claim, collector, lease ms                   returns 1 when this collector shall make up for the failover
--         adopt, collector, the id that it saw         returns 1 when that one is still the primary
local op, key = ARGV[1], KEYS[1]
local id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or ''

if op == 'look' then
  local noted = redis.call('HMGET', key, 'id', 'floor')
  -- Only beside the same id: what another primary has not got must be made up for first.
  if noted[1] == id and ARGV[2] ~= '' then redis.call('HSET', key, 'floor', ARGV[2]) end
  return { id, noted[1] or '', noted[2] or '' }
end

if op == 'claim' then
  local time = redis.call('TIME')
  local now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local held = redis.call('HMGET', key, 'by', 'until')
  if held[1] and held[1] ~= ARGV[2] and tonumber(held[2]) > now_ms then return 0 end
  redis.call('HSET', key, 'by', ARGV[2], 'until', now_ms + tonumber(ARGV[3]))
  return 1
end

if id ~= ARGV[3] or redis.call('HGET', key, 'by') ~= ARGV[2] then return 0 end
redis.call('HSET', key, 'id', id)
redis.call('HDEL', key, 'by', 'until')
return 1
