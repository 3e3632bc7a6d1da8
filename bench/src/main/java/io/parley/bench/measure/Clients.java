package io.parley.bench.measure;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** MQTT 5 clients with sessions. All of a process share a few threads, so that thousands of them are no load by themselves. */
public final class Clients {
    private static final long SESSION_EXPIRY_SECONDS = 3_600;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Clients() {}

    /** A client that connects as the device. */
    public static Mqtt5ClientBuilder builder(DemoTarget target, DeviceId id, WireFormat encoding) {
        String user = id.user().value();
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(id.toString())
                .serverHost(target.mqtt().getHost())
                .serverPort(target.mqtt().getPort())
                // Here and not at the connect: only so are they sent again with a reconnect.
                .simpleAuth()
                .username(encoding == WireFormat.PROTO ? user + "?encoding=proto" : user)
                .password(target.tokens().apply(id.user()).getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth();
    }

    /** Connects to the session that there is, or to a new one that outlives the connection by an hour. */
    public static CompletableFuture<Mqtt5ConnAck> connect(Mqtt5AsyncClient client) {
        return client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(SESSION_EXPIRY_SECONDS)
                .keepAlive(KEEP_ALIVE_SECONDS)
                .send();
    }

    /**
     * Begins the session of a device that has none yet, for the messages of all conversations, and goes. From here on the device misses nothing. A session
     * that begins later would start behind what another device of its user has acknowledged.
     */
    public static CompletableFuture<Void> beginSession(DemoTarget target, DeviceId id) {
        Mqtt5AsyncClient client = builder(target, id, WireFormat.JSON).buildAsync();
        return connect(client)
                .thenCompose(connected -> client.subscribeWith()
                        .topicFilter("chat/+/msg")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .thenCompose(subscribed -> client.disconnect());
    }

    /**
     * Lets a client that connects again by itself do it as {@link #connect} does. By itself it would connect with a clean start when the
     * broker has no session for it, and the device would not resume.
     */
    public static void resume(MqttClientDisconnectedContext context) {
        resume(context, List.of());
    }

    /**
     * As {@link #resume(MqttClientDisconnectedContext)}, at the next node in turn.
     *
     * @param nodes those that the client may connect to
     */
    public static void resume(MqttClientDisconnectedContext context, List<URI> nodes) {
        if (context.getReconnector() instanceof Mqtt5ClientReconnector reconnector) {
            if (nodes.size() > 1) {
                URI next = nodes.get(reconnector.getAttempts() % nodes.size());
                reconnector
                        .transportConfig()
                        .serverHost(next.getHost())
                        .serverPort(next.getPort())
                        .applyTransportConfig();
            }
            reconnector.republishIfSessionExpired(true);
            reconnector
                    .connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(SESSION_EXPIRY_SECONDS)
                    .keepAlive(KEEP_ALIVE_SECONDS)
                    .applyConnect();
        }
    }

    /**
     * Waits for all of them, for a minute at most.
     *
     * @param what they are, for the message of the exception
     */
    public static void await(Collection<? extends CompletableFuture<?>> futures, String what) throws DeviceException {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new DeviceException(what + " failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new DeviceException(what + " took more than " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }
}
