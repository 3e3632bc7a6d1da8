package io.parley.bench.connecting;

import com.google.protobuf.InvalidProtocolBufferException;
import com.hivemq.client.internal.mqtt.MqttClientConnectionConfig;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientAutoReconnect;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Glance;
import io.parley.demo.DemoTarget;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A device that subscribes once, and then loses its connection and comes back to its session. Until it is connected it tries again as the
 * client library does by itself: after a second, then after twice as long each time, and a random part more.
 */
final class ReturningDevice {
    private static final MqttClientAutoReconnect BACK_OFF =
            MqttClientAutoReconnect.builder().build();
    private static final long NONE = Long.MIN_VALUE;

    private final int number;
    private final DeviceId id;
    private final WireFormat encoding;
    private final ConnectLedger ledger;
    private final ConnectTimes times;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong dueNanos = new AtomicLong(NONE);
    private final Mqtt5AsyncClient client;
    private volatile boolean wanted = true;
    private volatile boolean subscribed;
    private volatile boolean connected;
    private volatile long attemptNanos;

    ReturningDevice(
            DemoTarget target, int number, DeviceId id, WireFormat encoding, ConnectLedger ledger, ConnectTimes times) {
        this.number = number;
        this.id = id;
        this.encoding = encoding;
        this.ledger = ledger;
        this.times = times;
        this.client = Clients.builder(target, id, encoding)
                .addConnectedListener(this::connected)
                .addDisconnectedListener(this::disconnected)
                .buildAsync();
    }

    /** Connects for the first time and subscribes to all conversations of its user. */
    CompletableFuture<?> open() {
        client.publishes(MqttGlobalPublishFilter.ALL, this::received);
        return Clients.connect(client)
                .thenCompose(connack -> client.subscribeWith()
                        .topicFilter("chat/+/msg")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .thenRun(() -> subscribed = true);
    }

    /** Closes its socket without a DISCONNECT. False if it is not connected: then nothing changes. */
    boolean cut() {
        if (client.getState() != MqttClientState.CONNECTED) {
            return false;
        }
        wanted = false;
        // The library offers no way to lose a connection, so this takes its socket.
        client.getConfig().getConnectionConfig().ifPresent(connection -> {
            var unused = ((MqttClientConnectionConfig) connection).getChannel().close();
        });
        return true;
    }

    boolean isAway() {
        return client.getState() == MqttClientState.DISCONNECTED;
    }

    /** Whether a connection was asked for and has no CONNACK yet. */
    boolean isConnecting() {
        return dueNanos.get() != NONE;
    }

    /**
     * Connects, and tries again until it is connected; never waits.
     *
     * @param due {@link System#nanoTime} from which the time is measured
     */
    void connect(long due) {
        wanted = true;
        dueNanos.set(due);
        attemptNanos = System.nanoTime();
        CompletableFuture<?> unused = Clients.connect(client);
    }

    CompletableFuture<?> close() {
        wanted = false;
        return client.disconnect().exceptionally(alreadyGone -> null);
    }

    /** On the client's event loop. */
    private void connected(MqttClientConnectedContext context) {
        long nowNanos = System.nanoTime();
        connected = true;
        connections.incrementAndGet();
        long due = dueNanos.getAndSet(NONE);
        if (subscribed && context instanceof Mqtt5ClientConnectedContext answered) {
            times.tally().accepted(answered.getConnAck().isSessionPresent());
            if (due != NONE) {
                times.connected(number, due, attemptNanos, nowNanos);
            }
        }
    }

    /** On the client's event loop; also when a connection could not be made. */
    private void disconnected(MqttClientDisconnectedContext context) {
        if (connected) {
            connected = false;
            ledger.cut(number, connections.get());
        } else if (context.getCause() instanceof Mqtt5ConnAckException refusal) {
            times.tally().refused(refusal.getMqttMessage().getReasonCode().getCode());
        } else {
            times.tally().unanswered();
        }
        if (wanted) {
            BACK_OFF.onDisconnected(context);
            Clients.resume(context);
            attemptNanos = System.nanoTime() + context.getReconnector().getDelay(TimeUnit.NANOSECONDS);
        }
    }

    private void received(Mqtt5Publish publish) {
        byte[] payload = publish.getPayloadAsBytes();
        int conversation = ledger.conversation(publish.getTopic().toString());
        try {
            if (conversation >= 0) {
                ledger.delivered(conversation, connections.get(), Glance.of(payload, encoding), payload);
            }
        } catch (InvalidProtocolBufferException e) {
            System.err.println("unreadable delivery at " + id + ": " + e.getMessage());
        }
    }
}
