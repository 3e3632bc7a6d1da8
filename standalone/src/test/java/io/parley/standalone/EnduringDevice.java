package io.parley.standalone;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.audit.Cut;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A device that outlives its connections: it connects, subscribes and publishes again by itself until all is acknowledged. */
final class EnduringDevice implements AutoCloseable {
    private static final long SESSION_EXPIRY_SECONDS = 3_600;
    private static final long PATIENCE_SECONDS = 40;
    private static final long AGAIN_AFTER_MILLIS = 200;

    /**
     * An event as it came.
     *
     * @param connection which connection of the device, from 1
     * @param atNanos when it came and was acknowledged, on {@link System#nanoTime}'s clock
     */
    record Received(int connection, ChatEvent event, long atNanos) {}

    private final UserId user;
    private final Consumer<ChatEvent> listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Received> received = new ArrayList<>();
    private final Queue<Cut> cuts = new ConcurrentLinkedQueue<>();
    private final Mqtt5AsyncClient client;

    private EnduringDevice(Login login, Consumer<ChatEvent> listener) {
        this.user = DeviceId.parse(login.clientId()).user();
        this.listener = listener;
        this.client = login.hiveMq()
                .automaticReconnect()
                .initialDelay(200, TimeUnit.MILLISECONDS)
                .maxDelay(1, TimeUnit.SECONDS)
                .applyAutomaticReconnect()
                .addConnectedListener(context -> connections.incrementAndGet())
                .addDisconnectedListener(this::goOn)
                .buildAsync();
    }

    /** By itself the client would connect again with a clean start when the broker has no session for it, and the device would not resume. */
    private void goOn(MqttClientDisconnectedContext context) {
        // A connection that could not be made is told here, too: then this repeats the cut of the last one.
        cuts.add(new Cut(user.value(), connections.get(), System.nanoTime()));
        if (context.getReconnector() instanceof Mqtt5ClientReconnector reconnector) {
            reconnector.republishIfSessionExpired(true);
            reconnector
                    .connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(SESSION_EXPIRY_SECONDS)
                    .applyConnect();
        }
    }

    /**
     * A device that wants all conversations of its user.
     *
     * @param listener is told what comes, by one thread
     */
    static EnduringDevice connect(Platform platform, UserId user, Consumer<ChatEvent> listener) throws Exception {
        return connect(Login.of(platform, user, "phone"), listener);
    }

    /** The same, wherever it connects. */
    static EnduringDevice connect(Login login, Consumer<ChatEvent> listener) throws Exception {
        EnduringDevice device = new EnduringDevice(login, listener);
        device.client.publishes(MqttGlobalPublishFilter.ALL, device::received);
        var unused = device.client
                .connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(SESSION_EXPIRY_SECONDS)
                .send()
                .thenCompose(connected -> device.client
                        .subscribeWith()
                        .topicFilter("chat/+/msg")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return device;
    }

    private void received(Mqtt5Publish message) {
        long nowNanos = System.nanoTime();
        ChatEvent.Builder event = ChatEvent.newBuilder();
        try {
            WireFormat.JSON.decode(message.getPayloadAsBytes(), event);
        } catch (MalformedPayload e) {
            throw new IllegalStateException(e);
        }
        synchronized (received) {
            received.add(new Received(connections.get(), event.build(), nowNanos));
        }
        listener.accept(event.build());
    }

    /** Publishes until it is acknowledged, and says so then; never waits. */
    void publish(ConversationId conversation, Publication publication, Runnable acknowledged) {
        unanswered.incrementAndGet();
        publishUntilTaken(conversation, publication, acknowledged);
    }

    private void publishUntilTaken(ConversationId conversation, Publication publication, Runnable acknowledged) {
        var unused = publish("chat/" + conversation + "/msg", WireFormat.JSON.encode(publication))
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        acknowledged.run();
                        unanswered.decrementAndGet();
                    } else {
                        countRefusal(failure);
                        later().execute(() -> publishUntilTaken(conversation, publication, acknowledged));
                    }
                });
    }

    private static Executor later() {
        return CompletableFuture.delayedExecutor(AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Asks for something, whose effect, if it is not refused, is seen in what comes; never waits. */
    void ask(Request request) {
        unanswered.incrementAndGet();
        var unused = publish("user/" + user + "/request", WireFormat.JSON.encode(request))
                .whenComplete((result, failure) -> {
                    countRefusal(failure);
                    unanswered.decrementAndGet();
                });
    }

    private void countRefusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof Mqtt5PubAckException) {
            refused.incrementAndGet();
        }
    }

    /** How many publishes were answered by a PUBACK with a failure code. */
    int refused() {
        return refused.get();
    }

    private CompletableFuture<?> publish(String topic, byte[] payload) {
        return client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    /** Whether everything that was published is acknowledged, and everything asked for taken or refused. */
    boolean isAnswered() {
        return unanswered.get() == 0;
    }

    UserId user() {
        return user;
    }

    /** What came so far, in its order. */
    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** When which connections ended; the earliest of each counts. */
    List<Cut> cuts() {
        return List.copyOf(cuts);
    }

    @Override
    public void close() {
        // One that has no connection now has nothing to end.
        client.disconnect()
                .exceptionally(failure -> null)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
