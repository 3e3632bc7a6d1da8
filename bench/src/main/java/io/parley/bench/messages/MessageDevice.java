package io.parley.bench.messages;

import com.google.protobuf.InvalidProtocolBufferException;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Glance;
import io.parley.bench.measure.Payloads;
import io.parley.demo.DemoTarget;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of the load: an MQTT 5 device in one conversation. It connects again by itself and sends again what was not answered. */
final class MessageDevice {
    private final int number;
    private final DeviceId id;
    private final int conversation;
    private final String topic;
    private final String receiptTopic;
    private final Load load;
    private final Ledger ledger;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger highest = new AtomicInteger();
    private final Mqtt5AsyncClient client;

    MessageDevice(
            DemoTarget target,
            Load load,
            Ledger ledger,
            int number,
            DeviceId id,
            int conversation,
            ConversationId name) {
        this.number = number;
        this.id = id;
        this.conversation = conversation;
        this.topic = "chat/" + name + "/msg";
        this.receiptTopic = "chat/" + name + "/receipt";
        this.load = load;
        this.ledger = ledger;
        this.client = Clients.builder(target, id, load.encoding())
                .automaticReconnect()
                .initialDelay(200, TimeUnit.MILLISECONDS)
                .maxDelay(1, TimeUnit.SECONDS)
                .applyAutomaticReconnect()
                .addConnectedListener(context -> connections.incrementAndGet())
                .addDisconnectedListener(this::goOn)
                .buildAsync();
    }

    private void goOn(MqttClientDisconnectedContext context) {
        // A connection that could not be made is told here, too: then this repeats the cut of the last one.
        ledger.cut(conversation, connections.get(), id.toString());
        Clients.resume(context);
    }

    /** Connects and subscribes; done when both are answered. */
    CompletableFuture<Void> open() {
        // By itself the client acknowledges before it calls back, and then a receipt may be seen before what it is for.
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                load.receipts() ? this::receivedAndStored : this::received,
                load.receipts());
        return Clients.connect(client)
                .thenCompose(connected -> subscribe(topic))
                .thenCompose(subscribed -> load.receipts() ? subscribe(receiptTopic) : done());
    }

    private CompletableFuture<Void> subscribe(String filter) {
        return client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .thenAccept(subscribed -> {});
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /** Publishes message {@code k}; never waits. */
    void send(int k, String text) {
        ledger.sending(k, number, id.user(), text);
        CompletableFuture<?> unused = client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(Payloads.of(ledger.messageId(k), text, load.encoding()))
                .send()
                .whenComplete((result, failure) -> ledger.acknowledged(k, failure == null));
    }

    private void receivedAndStored(Mqtt5Publish publish) {
        received(publish);
        publish.acknowledge();
    }

    private void received(Mqtt5Publish publish) {
        byte[] payload = publish.getPayloadAsBytes();
        try {
            if (publish.getTopic().toString().equals(receiptTopic)) {
                receipts(payload);
                return;
            }
            Glance glance = Glance.of(payload, load.encoding());
            ledger.delivered(number, conversation, connections.get(), id.toString(), id.user(), glance, payload);
            highest.accumulateAndGet(glance.seq(), Math::max);
        } catch (InvalidProtocolBufferException | MalformedPayload e) {
            System.err.println("unreadable delivery at " + id + ": " + e.getMessage());
        }
    }

    private void receipts(byte[] payload) throws MalformedPayload {
        Receipts.Builder receipts = Receipts.newBuilder();
        load.encoding().decode(payload, receipts);
        receipts.getReceiptsList().forEach(receipt -> ledger.told(conversation, id.toString(), receipt));
    }

    /** Says that everything that has come was read, if the device is one that says it; never waits. */
    void readEverything() {
        int seq = highest.get();
        // What is read was received: of the others it is only known by what they acknowledged.
        boolean reads = number % 2 == 0;
        if (reads && seq > 0) {
            ledger.reading(conversation, id.user(), seq);
            ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
            CompletableFuture<?> unused = client.publishWith()
                    .topic(receiptTopic)
                    .qos(MqttQos.AT_MOST_ONCE)
                    .payload(load.encoding().encode(receipt))
                    .send();
        }
    }

    CompletableFuture<Void> close() {
        return client.disconnect();
    }
}
