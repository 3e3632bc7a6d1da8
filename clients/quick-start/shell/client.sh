#!/usr/bin/env bash
# A chat client for the terminal on mosquitto_sub and mosquitto_pub 2.0: client.sh HOST PORT USER TO, with a token in PARLEY_TOKEN.
# Each line that it reads is sent to TO, a conversation or @user. What comes is stored and printed. mosquitto_sub acknowledges before that: what must not be lost takes another client.
set -uo pipefail
host="$1" port="$2" user="$3" to="$4"
store="received-$user.jsonl"
touch "$store"

mqtt() {
  local program="$1" device="$2"
  shift 2
  "$program" -V mqttv5 -h "$host" -p "$port" -i "$user/$device" -u "$user" -P "$PARLEY_TOKEN" -q 1 -k 50 "$@"
}

# It connects again by itself, but ends when a CONNECT is refused. A message that comes again has the same line.
while true; do
  mqtt mosquitto_sub quick-start -c -x 604800 -F '%t %p' -t 'chat/+/msg' -t "user/$user/reply"
  sleep 1
done | while IFS= read -r line; do
  grep -qxF -e "$line" "$store" || printf '%s\n' "$line" | tee -a "$store"
done &
trap 'kill $(jobs -p) 2>/dev/null' EXIT

while IFS= read -r line; do
  line="${line//\\/\\\\}"
  # The id makes it one message however often it is sent.
  message="{\"id\":\"$(cat /proc/sys/kernel/random/uuid)\",\"text\":\"${line//\"/\\\"}\"}"
  until mqtt mosquitto_pub quick-start-pub -t "chat/$to/msg" -m "$message"; do sleep 1; done
done
