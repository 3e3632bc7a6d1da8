-- What the archiver has stored. KEYS[1]: a hash of a conversation. Its fields: v (all changes up to this seq are in its rows), c (no change lies between
-- this and v), l (no row has a lower seq), and each row's seq.
-- ARGV: first, last, changed, limit, lifetime in ms; then for each step: seq of the event, P|E|F|A, seq of the row, value.
-- Answers 1 if rows were dropped that lacked a change, 0 otherwise.
local key = KEYS[1]
local first, last, changed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, lifetime = tonumber(ARGV[4]), tonumber(ARGV[5])
local known = redis.call('HMGET', key, 'v', 'c', 'l')
local v, c, l = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
local dropped = 0
if v and v >= last then
  return 0
end
if not v or v < first - 1 then
  -- Events in between were never told: what they changed is not known.
  if v then
    redis.call('DEL', key)
    dropped = 1
  end
  v, c, l = first - 1, first - 1, first
end
for i = 6, #ARGV, 4 do
  local kind, seq, value = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if tonumber(ARGV[i]) <= v then
    -- Done before.
  elseif kind == 'P' then
    redis.call('HSET', key, seq, value)
  elseif kind == 'F' then
    redis.call('HDEL', key, seq)
  elseif kind == 'A' then
    redis.call('DEL', key)
  elseif kind == 'E' then
    local row = redis.call('HGET', key, seq)
    if row and #row > 1 then
      local a, b, d, e = string.byte(row, 10, 13)
      redis.call('HSET', key, seq, string.sub(row, 1, 13 + ((a * 256 + b) * 256 + d) * 256 + e) .. value)
    end
  end
end
for seq = l, last - limit do
  redis.call('HDEL', key, seq)
end
redis.call('HSET', key, 'v', last, 'c', math.max(c, changed), 'l', math.max(l, last - limit + 1))
if redis.call('PTTL', key) < 0 then
  redis.call('PEXPIRE', key, lifetime)
end
return dropped
