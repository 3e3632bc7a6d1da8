"""A chat client for the terminal on paho-mqtt 1.6: python3 client.py HOST PORT USER TO, with a token in PARLEY_TOKEN.

Each line that it reads is sent to TO, a conversation or @user. What comes is stored, printed, and then acknowledged."""

import json
import os
import sys
import uuid

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

host, port, user, to = sys.argv[1:]
store = open(f"received-{user}.jsonl", "a+")
store.seek(0)
# Up to which seq each conversation is stored.
stored = {one["topic"]: one["event"]["seq"] for one in map(json.loads, store)}


def on_connect(client, userdata, flags, reason, properties=None):
    # With a session that is there already this does no harm.
    if reason == 0:
        client.subscribe([("chat/+/msg", 1), (f"user/{user}/reply", 1)])


def on_message(client, userdata, message):
    said = json.loads(message.payload)
    if not message.topic.startswith("chat/"):
        print("reply:", said, flush=True)
    elif said["seq"] > stored.get(message.topic, 0):
        # paho-mqtt acknowledges when this function returns.
        store.write(json.dumps({"topic": message.topic, "event": said}) + "\n")
        store.flush()
        os.fsync(store.fileno())
        stored[message.topic] = said["seq"]
        print(f"#{said['seq']} {said['from']}: {said.get('text', said)}", flush=True)


client = mqtt.Client(f"{user}/quick-start", protocol=mqtt.MQTTv5)
client.username_pw_set(user, os.environ["PARLEY_TOKEN"])
client.reconnect_delay_set(1, 30)
client.on_connect = on_connect
client.on_message = on_message
session = Properties(PacketTypes.CONNECT)
session.SessionExpiryInterval = 7 * 24 * 3600
client.connect(host, int(port), keepalive=50, clean_start=False, properties=session)
client.loop_start()
for line in sys.stdin:
    # Without a connection it waits, and is sent after the reconnect. The id makes it one message however often it is sent.
    client.publish(f"chat/{to}/msg", json.dumps({"id": str(uuid.uuid4()), "text": line.rstrip("\n")}), qos=1)
client.disconnect()
