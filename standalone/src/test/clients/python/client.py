"""A chat client on paho-mqtt 1.6, for the system tests. It subscribes once and never publishes anything twice: what has to be done again
after a lost connection is the library's work. See Program.java for what it reads and prints."""

import json
import os
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

host, port, client_id, user_name, version, expiry_seconds, *filters = sys.argv[1:]
print_lock = threading.Lock()
connected = threading.Event()


def say(**line):
    with print_lock:
        print(json.dumps(line), flush=True)


def on_connect(client, userdata, flags, reason, properties=None):
    if reason == 0:
        connected.set()


def on_subscribe(client, userdata, mid, granted, properties=None):
    say(event="subscribed")


def on_message(client, userdata, message):
    say(event="received", topic=message.topic, dup=bool(message.dup), payload=message.payload.decode())


if version == "5":
    client = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
else:
    client = mqtt.Client(client_id, clean_session=False, protocol=mqtt.MQTTv311)
client.username_pw_set(user_name, os.environ["PARLEY_PASSWORD"])
client.reconnect_delay_set(1, 4)
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
if version == "5":
    session = Properties(PacketTypes.CONNECT)
    session.SessionExpiryInterval = int(expiry_seconds)
    client.connect(host, int(port), clean_start=False, properties=session)
else:
    client.connect(host, int(port))
client.loop_start()
connected.wait()
client.subscribe([(topic, 1) for topic in filters])
for line in sys.stdin:
    topic, payload = line.rstrip("\n").split(" ", 1)
    info = client.publish(topic, payload, qos=1)
    # What is published without a connection is queued, and sent after the reconnect.
    if info.rc not in (mqtt.MQTT_ERR_SUCCESS, mqtt.MQTT_ERR_NO_CONN):
        say(event="gave up", payload=payload, reason=mqtt.error_string(info.rc))
client.disconnect()
client.loop_stop()
