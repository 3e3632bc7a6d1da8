-- Everything up to a seq is deleted. KEYS[1]: as in append.lua. ARGV: that seq. Answers -1: nothing was added.
local known = redis.call('HMGET', KEYS[1], 'v', 'l')
local v, l = tonumber(known[1]), tonumber(known[2])
if v then
  local through = math.min(v, tonumber(ARGV[1]))
  for seq = l, through do
    redis.call('HDEL', KEYS[1], seq)
  end
  redis.call('HSET', KEYS[1], 'l', math.max(l, through + 1))
end
return -1
