-- Writes the rules that were never written before. One that is there, or was, stays as it is.
-- KEYS written, rules; ARGV pairs of id and rule. Returns how many were written.
local count = 0
for i = 1, #ARGV, 2 do
  if redis.call('SADD', KEYS[1], ARGV[i]) == 1 then
    count = count + redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1])
  end
end
return count
