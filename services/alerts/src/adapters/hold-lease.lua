-- Takes or renews the right to evaluate.
-- KEYS[1] lease; ARGV token that is held ('' for none), a new token, ms. Returns the token that is held now, or ''.
local held = redis.call('GET', KEYS[1])
if held and held == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return held
end
if held then return '' end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return ARGV[2]
