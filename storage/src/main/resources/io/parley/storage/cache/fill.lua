-- What a reader has found in the store. KEYS[1]: as in append.lua. ARGV: the head and the last change before it, both read before the rows; limit,
-- lifetime in ms; then for each row: seq, value.
-- Answers 1 if rows were dropped that lacked a change, -1 if those of the reader may lack one, 0 otherwise.
local key = KEYS[1]
local head, changed = tonumber(ARGV[1]), tonumber(ARGV[2])
local limit, lifetime = tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', key, 'v', 'c', 'l')
local v, c, l = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
local dropped = 0
if v and v > head then
  if c > head then
    return -1
  end
else
  if v and v < changed then
    redis.call('DEL', key)
    dropped = 1
    v = nil
  end
  if not v then
    c, l = 0, head + 1
  end
  v, c = head, math.max(c, changed)
end
for i = 5, #ARGV, 2 do
  local seq = tonumber(ARGV[i])
  if seq > v - limit then
    redis.call('HSET', key, ARGV[i], ARGV[i + 1])
    l = math.min(l, seq)
  end
end
for seq = l, v - limit do
  redis.call('HDEL', key, seq)
end
redis.call('HSET', key, 'v', v, 'c', c, 'l', math.max(l, v - limit + 1))
if redis.call('PTTL', key) < 0 then
  redis.call('PEXPIRE', key, lifetime)
end
return dropped
