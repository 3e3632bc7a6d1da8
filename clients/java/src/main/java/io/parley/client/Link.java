package io.parley.client;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The device's connections, one after the other, on hivemq-mqtt-client: it keeps what is unacknowledged and sends it again; when and with which token it connects is decided here. */
final class Link {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int TOPIC_ALIASES = 32;

    /** Is told by threads of the library. */
    interface Listener {
        /** @param resumed whether there was a session */
        void connected(boolean resumed);

        void disconnected(Disconnection disconnection);

        void received(Mqtt5Publish publish);
    }

    private final ClientSettings settings;
    private final Listener listener;
    private final Mqtt5AsyncClient client;
    private final Servers servers;
    private final Backoff backoff;
    private volatile String token = "";
    private volatile String refusedToken = "";
    private volatile boolean closed;

    Link(ClientSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        this.servers = new Servers(settings.servers());
        this.backoff = new Backoff(FIRST_PAUSE, settings.longestPause(), Math::random);
        this.client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(settings.id().toString())
                .transportConfig(servers.current())
                .addConnectedListener(this::connected)
                .addDisconnectedListener(this::disconnected)
                .buildAsync();
    }

    /** Connects, however many tries that takes; fails when the platform refuses this device for good. */
    CompletableFuture<Void> connect() {
        client.publishes(MqttGlobalPublishFilter.ALL, listener::received, true);
        return firstToken().thenCompose(first -> {
            token = first;
            return client.connect(packet()).thenAccept(connected -> {});
        });
    }

    private CompletableFuture<String> firstToken() {
        return freshToken().exceptionallyCompose(failure -> {
            if (closed) {
                return CompletableFuture.failedFuture(failure);
            }
            long pauseMillis = backoff.pauseMillis();
            listener.disconnected(new Disconnection(
                    Disconnection.Kind.LOST, "there is no token: " + failure.getMessage(), pauseMillis));
            Executor later = CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(again -> firstToken());
        });
    }

    private Mqtt5Connect packet() {
        return Mqtt5Connect.builder()
                .cleanStart(false)
                .sessionExpiryInterval(settings.sessionExpiry().toSeconds())
                .keepAlive((int) settings.keepAlive().toSeconds())
                .simpleAuth(Mqtt5SimpleAuth.builder()
                        .username(settings.id().user() + "?encoding=proto")
                        .password(token.getBytes(StandardCharsets.UTF_8))
                        .build())
                .restrictions()
                .receiveMaximum(settings.mostUnhandled())
                .topicAliasMaximum(TOPIC_ALIASES)
                .applyRestrictions()
                .build();
    }

    private void connected(MqttClientConnectedContext context) {
        if (closed) {
            var unused = client.disconnect();
            return;
        }
        backoff.succeeded();
        refusedToken = "";
        listener.connected(((Mqtt5ClientConnectedContext) context).getConnAck().isSessionPresent());
    }

    private void disconnected(MqttClientDisconnectedContext context) {
        if (closed || context.getSource() == MqttDisconnectSource.USER) {
            return;
        }
        Ending ending = Ending.of(context.getCause());
        if (ending.isFinal()) {
            end(
                    ending.then() == Ending.Then.REPLACED ? Disconnection.Kind.REPLACED : Disconnection.Kind.REFUSED,
                    ending.reason());
            return;
        }
        if (ending.then() == Ending.Then.NEW_TOKEN) {
            refusedToken = token;
        }
        Mqtt5ClientReconnector reconnector = (Mqtt5ClientReconnector) context.getReconnector();
        // A node that goes in order sends its devices to the others, which are there.
        long pauseMillis =
                ending.then() == Ending.Then.MOVE && reconnector.getAttempts() == 0 ? 0 : backoff.pauseMillis();
        reconnector
                .reconnect(true)
                .delay(pauseMillis, TimeUnit.MILLISECONDS)
                .resubscribeIfSessionExpired(false)
                .republishIfSessionExpired(true)
                .transportConfig(servers.next(ending.serverReference()))
                .reconnectWhen(freshToken(), (fresh, failure) -> {
                    if (closed) {
                        reconnector.reconnect(false);
                    } else if (failure == null && fresh.equals(refusedToken)) {
                        reconnector.reconnect(false);
                        end(
                                Disconnection.Kind.REFUSED,
                                "the token is refused, and the token source has no other: " + ending.reason());
                    } else {
                        token = failure == null ? fresh : token;
                        reconnector.connect(packet());
                    }
                });
        listener.disconnected(new Disconnection(Disconnection.Kind.LOST, ending.reason(), pauseMillis));
    }

    private CompletableFuture<String> freshToken() {
        try {
            return settings.tokens().token();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end(Disconnection.Kind kind, String reason) {
        closed = true;
        listener.disconnected(new Disconnection(kind, reason, 0));
    }

    /** Done with the PUBACK; it waits for a connection. */
    CompletableFuture<Void> publish(String topic, byte[] payload) {
        return explained(
                "publish on " + topic,
                client.publishWith()
                        .topic(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(payload)
                        .send()
                        .thenAccept(published -> {}));
    }

    /** Publishes at QoS 0, for what is worth nothing later. */
    void tell(String topic, byte[] payload) {
        if (client.getState().isConnected()) {
            var unused = client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_MOST_ONCE)
                    .payload(payload)
                    .send();
        }
    }

    /** Done with the SUBACK. */
    CompletableFuture<Void> subscribe(List<String> filters) {
        Mqtt5Subscribe subscribe = Mqtt5Subscribe.builder()
                .addSubscriptions(filters.stream()
                        .map(filter -> Mqtt5Subscription.builder()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .build()))
                .build();
        return explained(
                "subscribe to " + String.join(", ", filters),
                client.subscribe(subscribe).thenAccept(granted -> {}));
    }

    CompletableFuture<Void> unsubscribe(String filter) {
        return explained(
                "unsubscribe from " + filter,
                client.unsubscribeWith().topicFilter(filter).send().thenAccept(gone -> {}));
    }

    private <T> CompletableFuture<T> explained(String what, CompletableFuture<T> answer) {
        return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(explained(what, failure)));
    }

    private ParleyException explained(String what, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Mqtt5PubAckException refused) {
            int code = refused.getMqttMessage().getReasonCode().getCode();
            String reason = refused.getMqttMessage()
                    .getReasonString()
                    .map(Object::toString)
                    .orElse("reason 0x" + Integer.toHexString(code));
            return new ParleyException(settings.id() + " may not " + what + ": " + reason, code);
        }
        if (cause instanceof Mqtt5SubAckException refused) {
            int code = refused.getMqttMessage().getReasonCodes().stream()
                    .mapToInt(one -> one.getCode())
                    .filter(one -> one >= 0x80)
                    .findFirst()
                    .orElse(0);
            return new ParleyException(
                    settings.id() + " may not " + what + ": reason 0x" + Integer.toHexString(code), code);
        }
        return new ParleyException(settings.id() + " cannot " + what + ": " + cause.getMessage(), cause);
    }

    /** Says goodbye; the session stays. */
    CompletableFuture<Void> close() {
        closed = true;
        return client.getState().isConnected() ? client.disconnect() : CompletableFuture.completedFuture(null);
    }
}
