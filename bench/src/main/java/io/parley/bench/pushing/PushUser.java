package io.parley.bench.pushing;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Payloads;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletableFuture;

/** A device of the load: one that registers a token and goes, or one that writes. */
public final class PushUser {
    private static final String REQUEST = "register";

    private final DeviceId id;
    private final Mqtt5AsyncClient client;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();

    public PushUser(DemoTarget target, DeviceId id) {
        this.id = id;
        this.client = Clients.builder(target, id, WireFormat.JSON)
                .automaticReconnectWithDefaultConfig()
                .addDisconnectedListener(Clients::resume)
                .buildAsync();
    }

    /** Connects for everything, as a phone does, registers, and goes. */
    public CompletableFuture<Void> registerAndGo(String token) {
        String topic = "user/" + id.user();
        Request request = Request.newBuilder()
                .setRequestId(REQUEST)
                .setRegisterPush(
                        RegisterPush.newBuilder().setPlatform(PushPlatform.APNS).setToken(token))
                .build();
        client.publishes(MqttGlobalPublishFilter.ALL, this::received);
        return Clients.connect(client)
                .thenCompose(connected -> subscribe("chat/+/msg"))
                .thenCompose(subscribed -> subscribe(topic + "/reply"))
                .thenCompose(subscribed -> publish(topic + "/request", WireFormat.JSON.encode(request)))
                .thenCompose(published -> registered)
                .thenCompose(done -> client.disconnect());
    }

    private void received(Mqtt5Publish publish) {
        if (!publish.getTopic().toString().startsWith("user/")) {
            return;
        }
        try {
            Reply.Builder reply = Reply.newBuilder();
            WireFormat.JSON.decode(publish.getPayloadAsBytes(), reply);
            if (reply.getRequestId().equals(REQUEST)) {
                answer(reply);
            }
        } catch (MalformedPayload e) {
            registered.completeExceptionally(e);
        }
    }

    private void answer(Reply.Builder reply) {
        if (reply.hasOk()) {
            registered.complete(null);
        } else {
            registered.completeExceptionally(new DeviceException(
                    "the token was refused: " + reply.getError().getMessage()));
        }
    }

    /** Connects to write only. */
    CompletableFuture<Void> connect() {
        return Clients.connect(client).thenAccept(connected -> {});
    }

    /** Publishes message {@code k}; never waits. Done with its PUBACK. */
    CompletableFuture<Void> send(ConversationId conversation, String messageId, int k) {
        return publish("chat/" + conversation + "/msg", Payloads.of(messageId, Payloads.text(k), WireFormat.JSON));
    }

    private CompletableFuture<Void> subscribe(String filter) {
        return client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .thenAccept(subscribed -> {});
    }

    private CompletableFuture<Void> publish(String topic, byte[] payload) {
        return client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send()
                .thenAccept(published -> {});
    }

    CompletableFuture<Void> close() {
        return client.disconnect();
    }
}
