package io.parley.broker;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.broker.connect.TokenAuthenticator;
import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.netty.Backend;
import io.parley.broker.netty.Draining;
import io.parley.broker.netty.EmbeddedBroker;
import io.parley.broker.netty.MiniEngine;
import io.parley.broker.netty.NoMedia;
import io.parley.broker.topics.TopicLoad;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.ChatRequests;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Reads;
import io.parley.gateway.throttling.ConnectRate;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Rate;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HiveMQ and real clients, before a log and an engine in memory. */
final class BrokerIT {
    private static final MiniEngine ENGINE = new MiniEngine();
    private static final Limits LIMITS = Unhurried.generous();
    private static final Outages OUTAGES = new Outages();
    private static final ScheduledExecutorService CHECKING = Executors.newSingleThreadScheduledExecutor();

    private static final TopicLoad TOPICS = Unhurried.topics();

    @TempDir
    static Path directory;

    private static DevKeys keys;
    private static BrokerSettings settings;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        keys = DevKeys.openOrCreate(directory.resolve("identity"), "parley", "parley");
        settings = new BrokerSettings(
                "127.0.0.1",
                freePort(),
                Optional.empty(),
                freePort(),
                connections(),
                TOPICS.settings(),
                OptionalInt.of(0),
                0,
                directory,
                Duration.ofSeconds(10),
                Duration.ZERO,
                "");
        broker = EmbeddedBroker.start(
                directory.resolve("broker"),
                HiveConfiguration.of(settings),
                new TokenAuthenticator(
                        Tokens.own(TokenVerifier.of(
                                keys.jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE)),
                        new ConnectRate(new Rate(1000, Duration.ofSeconds(1)), Duration.ofSeconds(2)),
                        Unhurried.connectsOfUser(1_000_000),
                        TOPICS,
                        reason -> {},
                        CHECKING),
                new Backend(
                        ENGINE.node(),
                        ChatRequests.of(ENGINE.node(), new NoReads(), new NoMedia(), OUTAGES),
                        PublicationFilters.NONE,
                        new NoMedia(),
                        LIMITS,
                        Unhurried.filters(1_000_000),
                        TOPICS,
                        OUTAGES,
                        new BrokerMetrics(new SimpleMeterRegistry(), ENGINE.node(), TOPICS),
                        new Draining(ENGINE.node(), Duration.ZERO, ""),
                        () -> true));
    }

    private static BrokerSettings.Connections connections() {
        return new BrokerSettings.Connections(1000, Duration.ofSeconds(10), 1000, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        CHECKING.shutdownNow();
    }

    @Test
    void a_311_client_gets_its_own_message_back_with_a_seq() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        MqttClient alice = connect("alice/phone", "alice", token("alice"), tcp());
        alice.subscribe("chat/alice~bob/msg", 1, (topic, message) -> received.add(text(message.getPayload())));

        alice.publish("chat/@bob/msg", new MqttMessage("hi".getBytes(StandardCharsets.UTF_8)));

        assertThat(received.poll(10, TimeUnit.SECONDS)).contains("\"seq\":").contains("\"text\":\"hi\"");
        end(alice);
    }

    @Test
    void a_client_over_websocket_gets_its_own_message_back() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        MqttClient dora =
                connect("dora/web", "dora", token("dora"), "ws://127.0.0.1:" + settings.websocketPort() + "/mqtt");
        dora.subscribe("chat/dora~emil/msg", 1, (topic, message) -> received.add(text(message.getPayload())));

        dora.publish("chat/@emil/msg", new MqttMessage("hi".getBytes(StandardCharsets.UTF_8)));

        assertThat(received.poll(10, TimeUnit.SECONDS)).contains("\"text\":\"hi\"");
        end(dora);
    }

    @Test
    void a_311_client_with_a_bad_token_or_a_foreign_client_id_is_refused() {
        assertThat(refusal("alice/laptop", "alice", "no.token.atall", tcp())).isEqualTo(5);
        assertThat(refusal("bob/laptop", "alice", token("alice"), tcp())).isEqualTo(2);
        assertThat(refusal("whatever", "alice", token("alice"), tcp())).isEqualTo(2);
    }

    @Test
    void a_5_client_with_a_bad_token_or_a_foreign_client_id_is_refused() {
        assertThat(refusal5("alice/laptop", "no.token.atall")).isEqualTo(0x87);
        assertThat(refusal5("bob/laptop", token("alice"))).isEqualTo(0x85);
    }

    @Test
    void a_foreign_conversation_is_refused_in_the_suback() throws Exception {
        MqttClient carol = connect("carol/phone", "carol", token("carol"), tcp());
        int[] granted = {1};
        var response = carol.subscribeWithResponse(new String[] {"chat/alice~bob/msg"}, granted);

        assertThat(response.getGrantedQos()).containsExactly(0x80);
        end(carol);
    }

    @Test
    void a_group_is_created_and_answered() throws Exception {
        BlockingQueue<String> replies = new LinkedBlockingQueue<>();
        MqttClient alice = connect("alice/tablet", "alice", token("alice"), tcp());
        alice.subscribe("user/alice/reply", 1, (topic, message) -> replies.add(text(message.getPayload())));

        alice.publish(
                "user/alice/request",
                new MqttMessage("{\"requestId\":\"r1\",\"createGroup\":{\"name\":\"team\",\"members\":[\"bob\"]}}"
                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(replies.poll(10, TimeUnit.SECONDS))
                .matches("\\{\"requestId\":\"r1\",\"conversation\":\"g[0-9a-z]+\"}");
        end(alice);
    }

    @Test
    void a_5_client_keeps_its_connection_when_it_is_refused() throws Exception {
        var client = new org.eclipse.paho.mqttv5.client.MqttClient(
                tcp(), "fred/phone", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        client.connect(options5("fred", token("fred")));
        int[] codes = client.subscribe(new String[] {"chat/fred~gina/msg", "chat/alice~bob/msg"}, new int[] {1, 1})
                .getReasonCodes();
        assertThat(codes).containsExactly(1, 0x87);
        assertThat(client.isConnected()).isTrue();
        client.disconnect();
        client.close();
    }

    @Test
    void a_silent_311_client_is_cut_at_one_and_a_half_times_its_keep_alive() throws Exception {
        try (RawConnect silent = new RawConnect(settings.mqttPort(), "hans/phone", "hans", token("hans"), 2)) {
            assertThat(silent.read(4)).containsExactly(0x20, 2, 0, 0);
            assertThat(silent.read(1)).as("the end of the connection").isEmpty();
        }
    }

    @Test
    void a_311_client_without_a_keep_alive_has_its_system_asked_after_half_a_minute() throws Exception {
        assumeThat(RawConnect.systemTellsTimers()).isTrue();
        try (RawConnect silent = new RawConnect(settings.mqttPort(), "ines/phone", "ines", token("ines"), 0)) {
            assertThat(silent.read(4)).containsExactly(0x20, 2, 0, 0);
            await().untilAsserted(() -> assertThat(silent.secondsToProbe())
                    .singleElement(as(InstanceOfAssertFactories.INTEGER))
                    .isBetween(10, 30));
        }
    }

    private static String tcp() {
        return "tcp://127.0.0.1:" + settings.mqttPort();
    }

    private static String token(String user) {
        return keys.sign(UserId.parse(user), Duration.ofMinutes(5));
    }

    private static MqttClient connect(String clientId, String user, String token, String uri) throws MqttException {
        MqttClient client = new MqttClient(uri, clientId, new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(user);
        options.setPassword(token.toCharArray());
        client.connect(options);
        return client;
    }

    private static void end(MqttClient client) throws MqttException {
        client.disconnect();
        client.close();
    }

    private static int refusal(String clientId, String user, String token, String uri) {
        MqttException refused = catchThrowableOfType(MqttException.class, () -> connect(clientId, user, token, uri));
        return refused.getReasonCode();
    }

    private static MqttConnectionOptions options5(String user, String token) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(user);
        options.setPassword(token.getBytes(StandardCharsets.UTF_8));
        options.setAutomaticReconnect(false);
        return options;
    }

    private static int refusal5(String clientId, String token) {
        var refused = catchThrowableOfType(
                org.eclipse.paho.mqttv5.common.MqttException.class,
                () -> new org.eclipse.paho.mqttv5.client.MqttClient(
                                tcp(), clientId, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence())
                        .connect(options5("alice", token)));
        return refused.getReasonCode();
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class NoReads implements Reads {
        @Override
        public CompletionStage<Found> history(UserId reader, ConversationId conversation, HistoryRequest request) {
            return CompletableFuture.completedFuture(new Found(Reply.getDefaultInstance(), () -> {}));
        }
    }
}
