package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes again on the next connection of a session, and what does not; and that a message on its way is not lost. */
@WithPlatform
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class ResumedMessagesIT extends SessionChecks {
    /** Longer than a node waits for anything. */
    private static final long SILENT_SECONDS = 35;

    private static final int QOS_0 = 0;

    private SessionClient silent;
    private long silentSinceNanos;
    private UserId silentUser;

    ResumedMessagesIT(Platform platform) {
        super(platform);
    }

    /** The last test looks at it; the others pass the time. */
    @BeforeAll
    void one_acknowledges_nothing() throws Exception {
        silentUser = newUser("silent");
        UserId alice = newUser("alice");
        silent = connect(silentUser, Opening.v5(false, 600));
        silent.subscribe(topic(alice, silentUser));
        say(alice, topic(alice, silentUser), List.of("never acknowledged"));
        silent.awaitMessage("never acknowledged");
        silentSinceNanos = System.nanoTime();
    }

    @AfterAll
    void end() throws IOException {
        silent.close();
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void what_was_missed_and_what_was_not_acknowledged_comes_without_a_subscribe(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (SessionClient client = connect(bob, Opening.kept(level))) {
            client.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), texts(1, 3));
            client.awaitMessages(3);
            client.acknowledge(client.messages().get(0));
            client.disconnect();
        }
        say(alice, topic(alice, bob), texts(4, 5));
        try (SessionClient again = connect(bob, Opening.kept(level))) {
            again.awaitMessage("text 5");
            assertThat(texts(again.messages())).isEqualTo(texts(2, 5));
            assertThat(again.messages()).extracting(Publish::dup).containsExactly(true, true, false, false);

            again.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), texts(6, 6));
            again.awaitMessage("text 6");
            assertThat(texts(again.messages())).isEqualTo(texts(2, 6));
        }
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void after_a_take_over_only_what_was_not_acknowledged_comes_again(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (SessionClient first = connect(bob, Opening.kept(level))) {
            first.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), texts(1, 6));
            List<Publish> messages = first.awaitMessages(6);
            for (Publish message : messages.subList(0, 3)) {
                first.acknowledge(message);
            }
            try (SessionClient second = connect(bob, Opening.kept(level))) {
                assertThat(second.sessionPresent()).isTrue();
                second.awaitMessages(3);
                say(alice, topic(alice, bob), texts(7, 7));
                second.awaitMessage("text 7");
                assertThat(texts(second.messages())).isEqualTo(texts(4, 7));
                assertThat(second.messages()).extracting(Publish::dup).containsExactly(true, true, true, false);
                first.awaitEnd();
            }
        }
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void what_was_not_acknowledged_comes_again_after_the_filter_was_lowered_to_qos_0(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (SessionClient client = connect(bob, Opening.kept(level))) {
            client.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), texts(1, 3));
            client.awaitMessages(3);
            assertThat(client.subscribe(topic(alice, bob), QOS_0, Map.of())).isEqualTo(QOS_0);
            say(alice, topic(alice, bob), texts(4, 4));
            client.awaitMessage("text 4");
        }
        try (SessionClient again = connect(bob, Opening.kept(level))) {
            say(alice, topic(alice, bob), texts(5, 5));
            again.awaitMessage("text 5");
            // The fourth was sent at QoS 0: whether it was received, only the client knows.
            assertThat(texts(again.messages()))
                    .containsSubsequence("text 1", "text 2", "text 3", "text 5")
                    .doesNotHaveDuplicates();
        }
    }

    @Order(1)
    @Test
    void what_was_published_at_qos_0_before_a_disconnect_arrives() throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        ConversationId group = Founder.createGroup(platform(), alice, List.of(bob));
        String topic = "chat/" + group + "/msg";
        try (SessionClient atBob = connect(bob, Opening.v5(false, 600))) {
            atBob.subscribe(topic);
            for (String text : texts(1, 6)) {
                try (SessionClient brief = connect(alice, Opening.v3(true))) {
                    brief.publishAtMostOnce(topic, message(text));
                    brief.disconnect();
                }
            }
            say(alice, topic, List.of("fence"));
            atBob.awaitMessage("fence");
            assertThat(texts(atBob.messages())).containsAll(texts(1, 6));
        }
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void what_is_delivered_matches_the_filter_that_names_the_other_user(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (SessionClient atAlice = connect(alice, Opening.kept(level))) {
            atAlice.subscribe("chat/@" + bob + "/msg");
            say(bob, "chat/@" + alice + "/msg", texts(1, 3));
            atAlice.awaitMessages(3);
            assertThat(atAlice.messages()).extracting(Publish::topic).containsOnly("chat/@" + bob + "/msg");
        }
        try (SessionClient again = connect(alice, Opening.kept(level))) {
            again.awaitMessages(3);
            assertThat(again.messages()).extracting(Publish::topic).containsOnly("chat/@" + bob + "/msg");
        }
    }

    @Order(2)
    @Test
    void who_answers_pings_is_not_cut_for_acknowledging_nothing() throws Exception {
        Duration left = Duration.ofSeconds(SILENT_SECONDS).minusNanos(System.nanoTime() - silentSinceNanos);
        await().atMost(Duration.ofSeconds(SILENT_SECONDS + 10))
                .pollDelay(left.isNegative() ? Duration.ZERO : left)
                .until(() -> System.nanoTime() - silentSinceNanos > SILENT_SECONDS * 1_000_000_000L);
        silent.ping();
        silent.awaitOne(Packet.PINGRESP);
        assertThat(silent.all(Packet.DISCONNECT)).isEmpty();
        assertThat(silent.hasEnded()).isFalse();
        assertThat(texts(silent.messages())).containsExactly("never acknowledged");
        silent.acknowledge(silent.messages().get(0));
    }

    private static List<String> texts(int first, int last) {
        return new ArrayList<>(IntStream.rangeClosed(first, last)
                .mapToObj(number -> "text " + number)
                .toList());
    }
}
