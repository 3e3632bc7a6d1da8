package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.standalone.SteadySenders.Sent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that hangs with all its connections open, or that is dead, while devices send. */
@WithPlatform
class HeldServersIT {
    /** In which a node notices that Kafka is silent. */
    private static final Duration NOTICED = Duration.ofSeconds(8);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 10;
    /** So much is sent at least while a server does nothing. */
    private static final int MANY = 40;

    private static final UserId EVE = UserId.parse("held-eve");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Platform platform;

    HeldServersIT(Platform platform) {
        this.platform = platform;
    }

    @ParameterizedTest
    @ValueSource(classes = {KafkaOutage.Hanging.class, KafkaOutage.Dead.class})
    void nothing_is_acknowledged_without_kafka_and_everything_comes_once_and_in_order_afterwards(
            Class<? extends KafkaOutage> how) throws Exception {
        try (HiveDevice ann = HiveDevice.connect(platform, "held-ann/phone");
                HiveDevice bea = HiveDevice.connect(platform, "held-bea/phone");
                HiveDevice cyd = HiveDevice.connect(platform, "held-cyd/phone")) {
            List<HiveDevice> all = List.of(ann, bea, cyd);
            ConversationId group =
                    ann.createGroup("held-" + how.getSimpleName(), UserId.parse("held-bea"), UserId.parse("held-cyd"));
            for (HiveDevice device : all) {
                device.subscribe(group);
            }
            List<Sent> sent = sendWithoutKafka(how, all, group);

            // The event that made the group comes first.
            await().atMost(LIMIT).until(() -> all.stream().allMatch(device -> device.count() >= sent.size() + 1));
            ann.send(group, "last", "last");
            await().atMost(LIMIT).until(() -> all.stream().allMatch(HeldServersIT::hasTheLast));
            for (HiveDevice device : all) {
                assertOnceAndInOrder(device.events(), sent);
            }
            assertThat(List.of(bea.events(), cyd.events())).containsOnly(ann.events());
        }
    }

    private List<Sent> sendWithoutKafka(
            Class<? extends KafkaOutage> how, List<HiveDevice> devices, ConversationId group) throws Exception {
        try (SteadySenders senders = SteadySenders.start(devices, group, PER_SECOND)) {
            await().atMost(LIMIT)
                    .until(() ->
                            senders.sent().stream().filter(Sent::isAcknowledged).count() > PER_SECOND);
            List<Sent> during;
            long releasedNanos;
            try (KafkaOutage outage = KafkaOutage.begin(how, platform)) {
                long sinceNanos = System.nanoTime();
                Supplier<List<Sent>> since = () -> senders.sent().stream()
                        .filter(message -> message.atNanos() > sinceNanos)
                        .toList();
                await().atMost(LIMIT).until(() -> since.get().size() > MANY);
                assertThat(outage.lasts()).isTrue();
                assertThat(devices).allMatch(device -> !device.ended().isDone());
                releasedNanos = System.nanoTime();
                during = since.get();
            }
            assertThat(during)
                    .filteredOn(message -> message.isAcknowledgedBefore(releasedNanos))
                    .as("acknowledged without Kafka")
                    .isEmpty();
            assertThat(senders.refusals()).isEmpty();

            await().atMost(LIMIT)
                    .until(() -> senders.sent().stream()
                            .anyMatch(message -> message.atNanos() > releasedNanos && message.isAcknowledged()));
            senders.pause();
            await().atMost(LIMIT).until(() -> senders.sent().stream().allMatch(Sent::isAcknowledged));
            System.out.printf(
                    "Kafka %s: %d messages, %d sent during that%n",
                    how.getSimpleName(), senders.sent().size(), during.size());
            return senders.sent();
        }
    }

    private static boolean hasTheLast(HiveDevice device) {
        List<ChatEvent> events = device.events();
        return events.get(events.size() - 1).getText().equals("last");
    }

    private static void assertOnceAndInOrder(List<ChatEvent> events, List<Sent> sent) {
        assertThat(events)
                .extracting(ChatEvent::getSeq)
                .isEqualTo(IntStream.rangeClosed(1, sent.size() + 2).boxed().toList());
        List<String> ids = events.stream()
                .map(ChatEvent::getId)
                .filter(id -> id.startsWith("m"))
                .toList();
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(sent.stream().map(Sent::id).toList());
        // A refused message takes its place when it is sent again; all others keep their sender's order.
        for (int device = 0; device < 3; device++) {
            List<String> order = orderOf(device, sent);
            assertThat(ids).filteredOn(order::contains).isEqualTo(order);
        }
    }

    private static List<String> orderOf(int device, List<Sent> sent) {
        return sent.stream()
                .filter(message -> message.device() == device && !message.wasRefused())
                .map(Sent::id)
                .toList();
    }

    @Test
    void the_broker_node_is_unhealthy_while_kafka_hangs_and_healthy_again_afterwards() throws Exception {
        assertThat(health().statusCode()).isEqualTo(200);

        HttpResponse<String> unhealthy;
        try (HeldProcess kafka = HeldProcess.hold(platform.pid(RoleName.KAFKA))) {
            await().atMost(NOTICED).until(() -> health().statusCode() == 503);
            unhealthy = health();
            assertThat(kafka.isStopped()).isTrue();
        }

        assertThat(unhealthy.body()).contains("Kafka has not answered for");
        await().atMost(LIMIT).until(() -> health().statusCode() == 200);
    }

    @Test
    void messages_are_delivered_while_cassandra_hangs_and_stand_in_history_afterwards() throws Exception {
        ConversationId conversation = ConversationId.direct(UserId.parse("held-dan"), EVE);
        try (HiveDevice dan = HiveDevice.connect(platform, "held-dan/phone");
                ChatClient eve = new PahoV5Client(Login.of(platform, EVE, "phone"))) {
            eve.subscribe("chat/" + conversation + "/msg");
            receiveWhileCassandraIsHeld(dan, eve, conversation);

            String expected = page(eve.received());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(overHttp(conversation)).isEqualTo(expected));
            eve.subscribe("user/" + EVE + "/reply");
            eve.publish(
                    "user/" + EVE + "/request",
                    "{\"requestId\":\"h\",\"history\":{\"conversation\":\"" + conversation
                            + "\",\"after\":0,\"limit\":200}}");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(eve.received())
                            .extracting(ChatClient.Received::payload)
                            .endsWith("{\"requestId\":\"h\",\"history\":" + expected + "}"));
        }
    }

    private void receiveWhileCassandraIsHeld(HiveDevice dan, ChatClient eve, ConversationId conversation)
            throws Exception {
        try (SteadySenders senders = SteadySenders.start(List.of(dan), conversation, PER_SECOND)) {
            await().atMost(LIMIT).until(() -> eve.received().size() > PER_SECOND);
            try (HeldProcess cassandra = HeldProcess.hold(platform.pid(RoleName.CASSANDRA))) {
                await().atMost(LIMIT)
                        .until(() -> senders.sent().stream()
                                        .filter(message -> message.atNanos() > cassandra.sinceNanos())
                                        .count()
                                > MANY);
                senders.pause();
                await().atMost(LIMIT)
                        .until(() -> eve.received().size() == senders.sent().size());
                assertThat(cassandra.isStopped()).isTrue();
            }
        }
    }

    /** A page of history whose events are exactly those payloads. */
    private static String page(List<ChatClient.Received> delivered) {
        String messages = delivered.stream().map(ChatClient.Received::payload).collect(Collectors.joining(","));
        return "{\"messages\":[" + messages + "],\"head\":" + delivered.size() + "}";
    }

    private String overHttp(ConversationId conversation) throws Exception {
        HttpRequest request = request(Port.HTTP, "/v1/conversations/" + conversation + "/messages?after=0&limit=200")
                .header("Authorization", "Bearer " + platform.token(EVE, Duration.ofMinutes(10)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private HttpResponse<String> health() throws Exception {
        return http.send(request(Port.BROKER_OPERATIONS, "/healthz").build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(Port port, String path) {
        return HttpRequest.newBuilder(URI.create(
                "http://" + Addresses.HOST + ":" + platform.addresses().of(port) + path));
    }
}
