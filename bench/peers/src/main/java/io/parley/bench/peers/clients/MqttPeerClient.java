package io.parley.bench.peers.clients;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Payloads;
import io.parley.protocol.WireFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An MQTT 5 client at QoS 1 with a session of an hour; the same for every broker. */
public final class MqttPeerClient implements PeerClient {
    private final Mqtt5AsyncClient client;
    private final String filter;
    private final Function<byte[], String> idOf;
    private final Inbox inbox;

    /**
     * @param builder names the broker and the client
     * @param filter what it subscribes to; one with a wildcard has its groups in it, too
     * @param idOf the message id in a delivered payload, empty for what is no message
     */
    public MqttPeerClient(Mqtt5ClientBuilder builder, String filter, Function<byte[], String> idOf, Inbox inbox) {
        this.client = builder.automaticReconnect()
                .initialDelay(200, TimeUnit.MILLISECONDS)
                .maxDelay(1, TimeUnit.SECONDS)
                .applyAutomaticReconnect()
                .addDisconnectedListener(Clients::resume)
                .buildAsync();
        this.filter = filter;
        this.idOf = idOf;
        this.inbox = inbox;
        client.publishes(MqttGlobalPublishFilter.ALL, this::received);
    }

    @Override
    public CompletableFuture<Void> connect() {
        return Clients.connect(client).thenCompose(connected -> subscribe(filter));
    }

    @Override
    public CompletableFuture<Void> join(Destination group) {
        return filter.contains("+") ? CompletableFuture.completedFuture(null) : subscribe(group.address());
    }

    private CompletableFuture<Void> subscribe(String topics) {
        return client.subscribeWith()
                .topicFilter(topics)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .thenAccept(subscribed -> {});
    }

    @Override
    public void send(Destination to, String id, String text) {
        CompletableFuture<?> unused = client.publishWith()
                .topic(to.address())
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(Payloads.of(id, text, WireFormat.JSON))
                .send()
                .thenAccept(result -> {
                    if (result.getError().isEmpty()) {
                        inbox.accepted(id);
                    }
                });
    }

    private void received(Mqtt5Publish publish) {
        String id = idOf.apply(publish.getPayloadAsBytes());
        if (!id.isEmpty()) {
            inbox.received(id);
        }
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return client.disconnect();
    }

    @Override
    public boolean isConnected() {
        return client.getState().isConnected();
    }
}
