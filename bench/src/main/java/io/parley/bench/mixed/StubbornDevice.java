package io.parley.bench.mixed;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.demo.DemoTarget;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that acknowledges nothing: it is sent as much as its window holds, and must hold up nobody. What it gets is audited, but it need not get all. */
final class StubbornDevice {
    private final DeviceId id;
    private final Talk talk;
    private final AtomicInteger connections = new AtomicInteger();
    private final Mqtt5AsyncClient client;

    StubbornDevice(DemoTarget target, DeviceId id, Talk talk) {
        this.id = id;
        this.talk = talk;
        this.client = Clients.builder(target, id, WireFormat.JSON)
                .automaticReconnectWithDefaultConfig()
                .addConnectedListener(context -> connections.incrementAndGet())
                .addDisconnectedListener(context -> {
                    talk.cut(id, connections.get());
                    Clients.resume(context, target.mqttNodes());
                })
                .buildAsync();
    }

    CompletableFuture<Void> open() {
        client.publishes(MqttGlobalPublishFilter.ALL, this::received, true);
        return Clients.connect(client)
                .thenCompose(connected -> client.subscribeWith()
                        .topicFilter(talk.topic())
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .thenAccept(subscribed -> {});
    }

    private void received(Mqtt5Publish publish) {
        try {
            ChatEvent.Builder event = ChatEvent.newBuilder();
            WireFormat.JSON.decode(publish.getPayloadAsBytes(), event);
            boolean unused = talk.received(id, connections.get(), event.build());
        } catch (MalformedPayload e) {
            System.err.println("unreadable delivery at " + id + ": " + e.getMessage());
        }
    }

    CompletableFuture<Void> close() {
        return client.disconnect();
    }
}
