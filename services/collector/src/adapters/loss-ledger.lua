-- Writes what is lost of a stream, unless another collector did so meanwhile.
-- KEYS[1] losses; ARGV stream, what is expected there ('' for nothing), what is to be there
local found = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if found ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
