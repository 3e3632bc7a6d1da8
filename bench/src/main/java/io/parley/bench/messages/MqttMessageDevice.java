package io.parley.bench.messages;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Payloads;
import io.parley.demo.DemoTarget;
import io.parley.protocol.wire.ReadReceipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An MQTT 5 device. */
final class MqttMessageDevice implements MessageDevice {
    private final Seat seat;
    private final DemoTarget target;
    private final Load load;
    private final Ledger ledger;
    private final Inbox inbox;
    private final AtomicInteger connections = new AtomicInteger();
    private final Mqtt5AsyncClient client;

    MqttMessageDevice(DemoTarget target, Load load, Ledger ledger, Seat seat) {
        this.seat = seat;
        this.target = target.turned(seat.number());
        this.load = load;
        this.ledger = ledger;
        this.inbox = new Inbox(seat, load, ledger);
        this.client = Clients.builder(this.target, seat.id(), load.encoding())
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
        ledger.cut(seat.conversation(), connections.get(), seat.id().toString());
        Clients.resume(context, target.turned(connections.get()).mqttNodes());
    }

    @Override
    public CompletableFuture<Void> open() {
        // By itself the client acknowledges before it calls back, and then a receipt may be seen before what it is for.
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                load.receipts() ? this::receivedAndStored : this::received,
                load.receipts());
        return Clients.connect(client)
                .thenCompose(connected -> subscribe(seat.topic()))
                .thenCompose(subscribed -> load.receipts() ? subscribe(seat.receiptTopic()) : done());
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

    @Override
    public void send(int k, String text) {
        ledger.sending(k, seat.number(), seat.id().user(), text);
        CompletableFuture<?> unused = client.publishWith()
                .topic(seat.topic())
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
        inbox.received(connections.get(), publish.getTopic().toString(), publish.getPayloadAsBytes());
    }

    @Override
    public void readEverything() {
        int seq = inbox.reading();
        if (seq > 0) {
            ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
            CompletableFuture<?> unused = client.publishWith()
                    .topic(seat.receiptTopic())
                    .qos(MqttQos.AT_MOST_ONCE)
                    .payload(load.encoding().encode(receipt))
                    .send();
        }
    }

    @Override
    public CompletableFuture<Void> close() {
        return client.disconnect();
    }
}
