package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be put into the log now is neither acknowledged nor refused: the client's library keeps it. */
@WithPlatform
class BackPressureIT extends SessionChecks {
    private static final int SERVER_BUSY = 0x89;
    private static final List<Integer> UNAVAILABLE = List.of(0x88, 3);
    private static final int MANY = 400;
    /** Longer than a node needs to notice that Kafka is silent, and shorter than it keeps a connection that waits. */
    private static final long SHORT_OUTAGE_SECONDS = 8;

    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final Duration LATEST = Duration.ofSeconds(50);
    private static final Duration BACK = Duration.ofMinutes(1);

    BackPressureIT(Platform platform) {
        super(platform);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void more_than_the_receive_maximum_in_flight_is_acknowledged_in_the_end(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        List<String> texts =
                IntStream.rangeClosed(1, MANY).mapToObj(number -> "m" + number).toList();
        try (SessionClient client = connect(alice, Opening.kept(level))) {
            if (level == 5) {
                assertThat(client.granted()
                                .one(PacketProperties.RECEIVE_MAXIMUM)
                                .orElse(65_535))
                        .isLessThan(MANY);
            }
            List<Integer> ids = new ArrayList<>();
            for (String text : texts) {
                ids.add(client.publish(topic(alice, bob), message(text)));
            }
            for (int id : ids) {
                assertThat(client.awaitAnswer(Packet.PUBACK, id).reason()).isZero();
            }
            assertThat(client.hasEnded()).isFalse();
        }
        assertThat(storedTexts(alice, bob, MANY)).isEqualTo(texts);
    }

    @Test
    void a_short_outage_is_a_late_acknowledgement() throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        List<String> texts = List.of("one", "two", "three");
        try (SessionClient v3 = connect(alice, Opening.v3(false));
                SessionClient v5 = connect(bob, Opening.v5(false, 600))) {
            v3.publishAndWait(topic(alice, bob), message("before"));
            List<Integer> ids3 = new ArrayList<>();
            List<Integer> ids5 = new ArrayList<>();
            try (HeldProcess kafka = HeldProcess.hold(platform().pid(RoleName.KAFKA))) {
                for (String text : texts) {
                    ids3.add(v3.publish(topic(alice, bob), message("3-" + text)));
                    ids5.add(v5.publish(topic(alice, bob), message("5-" + text)));
                }
                TimeUnit.SECONDS.sleep(SHORT_OUTAGE_SECONDS);
                assertThat(kafka.isStopped()).isTrue();
                // Of the message before the outage.
                assertThat(v3.all(Packet.PUBACK)).hasSize(1);
                assertThat(v5.all(Packet.PUBACK)).isEmpty();
                assertThat(v3.hasEnded() || v5.hasEnded()).isFalse();
            }
            for (int i = 0; i < texts.size(); i++) {
                assertThat(v3.awaitAnswer(Packet.PUBACK, ids3.get(i)).reason()).isZero();
                assertThat(v5.awaitAnswer(Packet.PUBACK, ids5.get(i)).reason()).isZero();
            }
            assertThat(v3.all(Packet.PUBACK)).hasSize(texts.size() + 1);
            assertThat(v5.all(Packet.PUBACK)).hasSize(texts.size());
        } finally {
            awaitLog(newUser("after"));
        }
        assertThat(storedTexts(alice, bob, 7))
                .containsSubsequence("before", "3-one", "3-two", "3-three")
                .containsSubsequence("5-one", "5-two", "5-three")
                .hasSize(7);
    }

    @Test
    void a_long_outage_ends_the_connections_that_wait_and_nothing_is_refused() throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        String topic = topic(alice, bob);
        try (SessionClient v3 = connect(alice, Opening.v3(false));
                SessionClient v5 = connect(bob, Opening.v5(false, 600))) {
            v5.subscribe(topic);
            v3.publishAndWait(topic, message("before"));
            v5.acknowledge(v5.awaitMessage("before"));
            try (HeldProcess kafka = HeldProcess.hold(platform().pid(RoleName.KAFKA))) {
                v3.publish(topic, message("3-open"));
                v5.publish(topic, message("5-open"));
                assertNobodyIsLetIn();
                Duration waited = awaitEnds(kafka, v3, v5);
                assertThat(waited).isGreaterThan(KEPT.minusSeconds(2));
            }
            assertThat(v5.all(Packet.PUBACK)).isEmpty();
            assertThat(v5.all(Packet.DISCONNECT)).extracting(Packet::reason).containsExactly(SERVER_BUSY);
            assertThat(v3.all(Packet.PUBACK)).hasSize(1);
        } finally {
            awaitLog(newUser("after"));
        }
        // What the libraries do then.
        try (SessionClient v3 = connect(alice, Opening.v3(false));
                SessionClient v5 = connect(bob, Opening.v5(false, 600))) {
            assertThat(v3.sessionPresent()).isTrue();
            assertThat(v5.sessionPresent()).isTrue();
            int open3 = v3.publish(topic, message("3-open"), true, Map.of());
            int open5 = v5.publish(topic, message("5-open"), true, Map.of());
            assertThat(v3.awaitAnswer(Packet.PUBACK, open3).reason()).isZero();
            assertThat(v5.awaitAnswer(Packet.PUBACK, open5).reason()).isZero();
            v5.awaitMessage("3-open");
            v5.awaitMessage("5-open");
        }
        assertThat(storedTexts(alice, bob, 3)).containsExactlyInAnyOrder("before", "3-open", "5-open");
    }

    private void assertNobodyIsLetIn() throws IOException {
        for (Opening opening : List.of(Opening.v5(false, 600), Opening.v3(false))) {
            try (SessionClient late = SessionClient.attempt(phone(newUser("late")), opening)) {
                assertThat(late.connAck().reason()).isEqualTo(UNAVAILABLE.get(opening.level() == 5 ? 0 : 1));
                assertThat(late.sessionPresent()).isFalse();
                late.awaitEnd();
            }
        }
    }

    private static Duration awaitEnds(HeldProcess kafka, SessionClient... clients) throws IOException {
        for (SessionClient client : clients) {
            await().atMost(LATEST).until(client::hasEnded);
        }
        assertThat(kafka.isStopped()).isTrue();
        return Duration.ofNanos(System.nanoTime() - kafka.sinceNanos());
    }

    /** Other tests need the log, too. */
    private void awaitLog(UserId user) {
        await().atMost(BACK).ignoreExceptions().until(() -> {
            say(user, "chat/@" + user + "-other/msg", List.of("there"));
            return true;
        });
    }

    private List<String> storedTexts(UserId one, UserId other, int head) throws Exception {
        ConversationId conversation = ConversationId.direct(one, other);
        awaitHead(one, conversation, head);
        return history(one).all(conversation).stream().map(ChatEvent::getText).toList();
    }
}
