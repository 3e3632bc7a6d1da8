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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message id names one message of its sender, however often and wherever it is sent. */
@WithPlatform
class ResendIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int QOS_1 = 2;
    private static final int DUP = 8;
    private static final String MESSAGE = "{\"id\":\"m1\",\"text\":\"once\"}";
    private static final RawMqtt.Answer ACKNOWLEDGED = new RawMqtt.Answer(RawMqtt.PacketType.PUBACK, 0);
    private static final UserId BOB = UserId.parse("resend-bob");

    private final Platform platform;

    ResendIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void a_message_resent_on_the_same_connection_keeps_its_seq() throws Exception {
        ConversationId conversation = withBob("resend-amy");
        try (HiveDevice bob = bob(conversation);
                RawMqtt amy = raw("resend-amy")) {
            amy.publish(QOS_1, topic(conversation), MESSAGE);
            amy.publish(QOS_1 | DUP, topic(conversation), MESSAGE);
            assertThat(List.of(amy.answer(), amy.answer())).containsOnly(ACKNOWLEDGED);
            amy.publish(QOS_1 | DUP, topic(conversation), MESSAGE);
            assertThat(amy.answer()).isEqualTo(ACKNOWLEDGED);

            assertEverybodyHas(conversation, bob, "resend-amy: once");
        }
    }

    @Test
    void a_message_resent_after_a_reconnect_keeps_its_seq() throws Exception {
        ConversationId conversation = withBob("resend-ben");
        try (HiveDevice bob = bob(conversation)) {
            for (int connection = 0; connection < 3; connection++) {
                try (HiveDevice ben = HiveDevice.connect(platform, "resend-ben/phone")) {
                    ben.send(conversation, "m1", "once");
                }
            }

            assertEverybodyHas(conversation, bob, "resend-ben: once");
        }
    }

    @Test
    void a_message_whose_connection_broke_before_the_puback_is_resent_and_keeps_its_seq() throws Exception {
        ConversationId conversation = withBob("resend-cat");
        try (HiveDevice bob = bob(conversation)) {
            try (RawMqtt cat = raw("resend-cat")) {
                cat.publish(QOS_1, topic(conversation), MESSAGE);
            }
            try (RawMqtt cat = raw("resend-cat")) {
                cat.publish(QOS_1 | DUP, topic(conversation), MESSAGE);
                assertThat(cat.answer()).isEqualTo(ACKNOWLEDGED);
            }

            assertEverybodyHas(conversation, bob, "resend-cat: once");
        }
    }

    @Test
    void a_message_resent_by_another_device_of_the_user_keeps_its_seq() throws Exception {
        ConversationId conversation = withBob("resend-dan");
        try (HiveDevice bob = bob(conversation);
                HiveDevice phone = HiveDevice.connect(platform, "resend-dan/phone");
                HiveDevice tablet = HiveDevice.connect(platform, "resend-dan/tablet")) {
            phone.send(conversation, "m1", "once");
            tablet.send(conversation, "m1", "once");

            assertEverybodyHas(conversation, bob, "resend-dan: once");
        }
    }

    @Test
    void a_message_id_of_another_sender_is_another_message() throws Exception {
        ConversationId conversation = withBob("resend-eve");
        try (HiveDevice bob = bob(conversation);
                HiveDevice eve = HiveDevice.connect(platform, "resend-eve/phone")) {
            eve.send(conversation, "m1", "hers");
            bob.send(conversation, "m1", "his");

            assertEverybodyHas(conversation, bob, "resend-eve: hers", "resend-bob: his");
        }
    }

    private static ConversationId withBob(String user) {
        return ConversationId.direct(UserId.parse(user), BOB);
    }

    private RawMqtt raw(String user) throws IOException {
        return RawMqtt.connect(Login.of(platform, UserId.parse(user), "phone"), RawMqtt.V3);
    }

    private static byte[] topic(ConversationId conversation) {
        return ("chat/" + conversation + "/msg").getBytes(StandardCharsets.UTF_8);
    }

    /** Each conversation has a device of bob's of its own. */
    private HiveDevice bob(ConversationId conversation) throws Exception {
        HiveDevice bob =
                HiveDevice.connect(platform, BOB + "/" + conversation.value().replace('~', '.'));
        bob.subscribe(conversation);
        return bob;
    }

    /** Bob's own last line proves that nothing is still on its way: the log keeps the order. */
    private void assertEverybodyHas(ConversationId conversation, HiveDevice bob, String... expected) throws Exception {
        bob.send(conversation, "end", "end");
        List<String> lines = new ArrayList<>(List.of(expected));
        String last = BOB + ": end";
        lines.add(last);
        HistoryClient history = history();
        await().atMost(LIMIT).until(() -> endsWith(bob.events(), last));
        await().atMost(LIMIT).ignoreExceptions().until(() -> endsWith(history.all(conversation), last));

        assertThat(bob.events()).extracting(ResendIT::line).containsExactlyElementsOf(lines);
        assertThat(bob.events()).extracting(ChatEvent::getSeq).doesNotHaveDuplicates();
        assertThat(history.all(conversation)).isEqualTo(bob.events());
    }

    private HistoryClient history() {
        String local = "://" + Addresses.HOST + ":";
        DemoTarget target = new DemoTarget(
                URI.create("tcp" + local + platform.addresses().mqtt()),
                URI.create("http" + local + platform.addresses().http()),
                user -> platform.token(user, Duration.ofHours(1)));
        return new HistoryClient(target, BOB);
    }

    private static boolean endsWith(List<ChatEvent> events, String line) {
        return !events.isEmpty() && line(events.get(events.size() - 1)).equals(line);
    }

    private static String line(ChatEvent event) {
        return event.getFrom() + ": " + event.getText();
    }
}
