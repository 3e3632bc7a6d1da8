package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.demo.DemoTarget;
import io.parley.demo.HistoryClient;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * What holds whatever is sent: two others who are connected all the time chat on after each test, and no log has a stack trace
 * after the last.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class BadInput {
    static final Duration LIMIT = Duration.ofSeconds(20);

    final Platform platform;
    private final AtomicInteger counter = new AtomicInteger();
    private final UserId anna = newUser("anna");
    private final UserId ben = newUser("ben");
    private List<RoleLog> logs;
    private ChatClient atAnna;
    private ChatClient atBen;

    BadInput(Platform platform) {
        this.platform = platform;
    }

    @BeforeAll
    void two_others_connect() throws Exception {
        logs = List.of(
                RoleLog.fromNowOn(platform, RoleName.BROKER),
                RoleLog.fromNowOn(platform, RoleName.ENGINE),
                RoleLog.fromNowOn(platform, RoleName.HISTORY));
        atAnna = new PahoV3Client(Login.of(platform, anna, "it"));
        atBen = new HiveMqClient(Login.of(platform, ben, "it"));
        atAnna.subscribe("chat/+/msg");
        atBen.subscribe("chat/+/msg");
    }

    @AfterEach
    void the_others_chat_on() throws Exception {
        int before = atBen.received().size();

        atAnna.publish("chat/@" + ben + "/msg", "still there?");
        await().atMost(LIMIT).until(() -> atBen.received().size() == before + 1);
        atBen.publish("chat/@" + anna + "/msg", "yes");
        await().atMost(LIMIT).until(() -> atAnna.received().size() == before + 2);
    }

    @AfterAll
    void no_log_has_a_stack_trace() throws IOException {
        atAnna.close();
        atBen.close();

        for (RoleLog log : logs) {
            assertThat(log.text()).doesNotContain("\tat ");
        }
    }

    /** A user that nobody else uses. */
    final UserId newUser(String name) {
        String test = getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return UserId.parse(test + "-" + name + counter.incrementAndGet());
    }

    /** {@code from} says something to {@code to}, at which the conversation's history is nothing but that. */
    final void assertNothingElseIsStored(UserId from, UserId to) throws Exception {
        assertNothingElseIsStored(from, List.of(to));
    }

    /** The same, with each of them. */
    final void assertNothingElseIsStored(UserId from, List<UserId> each) throws Exception {
        try (ChatClient client = new HiveMqClient(Login.of(platform, from, "afterwards"))) {
            for (UserId to : each) {
                client.publish("chat/@" + to + "/msg", "the first");
            }
        }
        HistoryClient history = historyOf(from);
        for (UserId to : each) {
            ConversationId conversation = ConversationId.direct(from, to);
            // The log keeps a conversation's order: what had been taken before would stand before.
            await().atMost(LIMIT).until(() -> !history.all(conversation).isEmpty());
            List<ChatEvent> stored = history.all(conversation);
            assertThat(stored).extracting(ChatEvent::getText).containsExactly("the first");
            assertThat(stored).extracting(ChatEvent::getSeq).containsExactly(1);
        }
    }

    final HistoryClient historyOf(UserId user) {
        String host = "//" + Addresses.HOST + ":";
        return new HistoryClient(
                new DemoTarget(
                        URI.create("tcp:" + host + platform.addresses().mqtt()),
                        URI.create("http:" + host + platform.addresses().http()),
                        whom -> platform.token(whom, Duration.ofMinutes(10))),
                user);
    }

    static String topic(UserId one, UserId other) {
        return "chat/" + ConversationId.direct(one, other) + "/msg";
    }
}
