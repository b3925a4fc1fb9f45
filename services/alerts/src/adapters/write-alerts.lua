-- Writes what a look at the rules found, all of it or nothing: nothing where another has taken over meanwhile.
-- KEYS lease, states, handover, memory, status, log
-- ARGV token, most entries of the log, then any number of: where, field, value ('' removes; of the log the field is what happened)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local keys = { states = KEYS[2], handover = KEYS[3], memory = KEYS[4], status = KEYS[5] }
for i = 3, #ARGV, 3 do
  local where, field, value = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if where == 'log' then
    redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[2], '*', 'what', field, 'alert', value)
  elseif value == '' then
    redis.call('HDEL', keys[where], field)
  else
    redis.call('HSET', keys[where], field, value)
  end
end
return 1
