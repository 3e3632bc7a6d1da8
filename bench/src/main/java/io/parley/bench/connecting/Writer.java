package io.parley.bench.connecting;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Payloads;
import io.parley.demo.DemoTarget;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import java.util.concurrent.CompletableFuture;

/** Somebody who writes to devices that are away. It subscribes to nothing. */
final class Writer {
    private final ConnectLedger ledger;
    private final WireFormat encoding;
    private final Mqtt5AsyncClient client;

    Writer(DemoTarget target, DeviceId id, WireFormat encoding, ConnectLedger ledger) {
        this.ledger = ledger;
        this.encoding = encoding;
        this.client = Clients.builder(target, id, encoding)
                .automaticReconnectWithDefaultConfig()
                .addDisconnectedListener(Clients::resume)
                .buildAsync();
    }

    CompletableFuture<?> open() {
        return Clients.connect(client);
    }

    /**
     * Publishes a message; never waits.
     *
     * @param measuredFromNanos see {@link ConnectLedger#sending}
     */
    void send(Cast cast, int conversation, long measuredFromNanos) {
        String text = Payloads.text(ledger.next());
        int k = ledger.sending(conversation, text, measuredFromNanos);
        CompletableFuture<?> unused = client.publishWith()
                .topic("chat/" + cast.conversation(conversation) + "/msg")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(Payloads.of(ledger.messageId(k), text, encoding))
                .send()
                .whenComplete((result, failure) -> ledger.acknowledged(conversation, k, failure == null));
    }

    CompletableFuture<?> close() {
        return client.disconnect().exceptionally(alreadyGone -> null);
    }
}
