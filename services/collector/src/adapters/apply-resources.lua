-- Notes in requests of one shard what their server took meanwhile: only in requests that are kept, and never less than is known.
-- KEYS  request hashes
-- ARGV  the field, then for each request its figures (JSON) with the number of samples behind them
-- returns how many were written
local written = 0
for i, key in ipairs(KEYS) do
  local figures = ARGV[i + 1]
  if redis.call('HEXISTS', key, 'b') == 1 then
    local known = redis.call('HGET', key, ARGV[1])
    if not known or (cjson.decode(known).samples or 0) <= cjson.decode(figures).samples then
      redis.call('HSET', key, ARGV[1], figures)
      written = written + 1
    end
  end
end
return written
