package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Typing;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Devices at two broker nodes are in one chat; and a node keeps nothing that another could miss. */
@WithPlatform
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class TwoNodesIT extends SignalChecks {
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(2);
    private static final Duration OFFLINE_WITHIN = Duration.ofSeconds(30);
    /** A node that stands still for so long has lost its slot. */
    private static final Duration LEASE = Duration.ofSeconds(10).plusMillis(500);

    private static final int EACH = 20;

    private SecondNode second;

    TwoNodesIT(Platform platform) {
        super(platform);
    }

    @BeforeAll
    void start_the_second_node() throws Exception {
        second = SecondNode.start(platform());
    }

    @AfterAll
    void stop_the_second_node() {
        second.close();
    }

    @Test
    void a_node_that_asks_for_a_slot_that_is_held_takes_another_one() throws Exception {
        assertThat(second.slot()).isNotEqualTo(SecondNode.slot(platform()));
    }

    @Test
    void messages_of_both_nodes_are_in_one_order_at_both() throws Exception {
        ConversationId chat = direct("nodes-amy", "nodes-bob");
        try (HiveDevice amy = HiveDevice.connect(platform(), "nodes-amy/phone");
                HiveDevice bob = HiveDevice.connect(atSecond("nodes-bob", "phone"))) {
            amy.subscribe(chat);
            bob.subscribe(chat);
            try (SteadySenders senders = SteadySenders.start(List.of(amy, bob), chat, EACH)) {
                await().atMost(LIMIT).until(() -> senders.sent().size() >= 2 * EACH);
                senders.pause();
                int sent = senders.sent().size();
                await().atMost(LIMIT).until(() -> amy.count() >= sent && bob.count() >= sent);
            }

            assertThat(amy.events()).isEqualTo(bob.events());
            assertSeqs(amy.events(), 1, amy.count());
            assertThat(amy.events()).extracting(ChatEvent::getId).doesNotHaveDuplicates();
        }
    }

    @Test
    void receipts_typing_and_presence_pass_from_node_to_node() throws Exception {
        ConversationId chat = direct("nodes-cat", "nodes-dan");
        try (HiveMqClient cat = client("nodes-cat", "phone")) {
            try (HiveMqClient dan = new HiveMqClient(atSecond("nodes-dan", "phone"))) {
                cat.subscribe("chat/+/#");
                dan.subscribe("chat/+/#");
                cat.publish("chat/@nodes-dan/msg", "hello");
                await().atMost(LIMIT)
                        .until(() -> pointer(cat, chat, "nodes-dan").getDelivered() == 1);

                dan.publish("chat/@nodes-cat/receipt", "{\"read\":1}");
                dan.publish("chat/@nodes-cat/typing", "{\"typing\":true}");
                await().atMost(LIMIT)
                        .until(() -> pointer(cat, chat, "nodes-dan").getRead() == 1);
                await().atMost(LIMIT)
                        .until(() -> typing(cat, chat)
                                .contains(Typing.newBuilder()
                                        .setUser("nodes-dan")
                                        .setTyping(true)
                                        .build()));
                assertThat(typing(dan, chat)).isEmpty();
                await().atMost(LIMIT)
                        .until(() -> presence(cat, chat, "nodes-dan").getOnline()
                                && presence(dan, chat, "nodes-cat").getOnline());
            }
            await().atMost(LIMIT).until(() -> !presence(cat, chat, "nodes-dan").getOnline());
        }
    }

    @Test
    void a_device_that_connects_at_the_other_node_leaves_the_first_and_goes_on_at_its_cursor() throws Exception {
        ConversationId chat = direct("nodes-eve", "nodes-fay");
        try (HiveDevice eve = HiveDevice.connect(platform(), "nodes-eve/phone");
                HiveDevice first = HiveDevice.connect(platform(), "nodes-fay/phone", event -> event.getSeq() <= 2)) {
            first.subscribe(chat);
            for (int i = 1; i <= 3; i++) {
                eve.send(chat, "m" + i, "text");
            }
            await().atMost(LIMIT).until(() -> first.count() == 3);
            awaitDelivered("nodes-fay", chat, 2);

            try (HiveDevice moved = HiveDevice.connect(atSecond("nodes-fay", "phone"))) {
                await().atMost(TAKEN_OVER_WITHIN).until(() -> first.ended().isDone());
                moved.subscribe(chat);
                eve.send(chat, "m4", "text");

                await().atMost(LIMIT).until(() -> moved.count() >= 2);
                assertSeqs(moved.events(), 3, 4);
                assertThat(moved.ended()).isNotDone();
            }
        }
    }

    @Test
    void who_is_removed_at_one_node_gets_nothing_at_the_other() throws Exception {
        try (HiveDevice gus = HiveDevice.connect(platform(), "nodes-gus/phone");
                HiveDevice hal = HiveDevice.connect(atSecond("nodes-hal", "phone"));
                HiveDevice ida = HiveDevice.connect(atSecond("nodes-ida", "phone"))) {
            ConversationId group = gus.createGroup("nodes", UserId.parse("nodes-hal"), UserId.parse("nodes-ida"));
            hal.subscribe(group);
            ida.subscribe(group);
            gus.send(group, "m1", "for all");
            await().atMost(LIMIT).until(() -> hal.count() == 2 && ida.count() == 2);

            Request remove = Request.newBuilder()
                    .setRequestId("remove")
                    .setRemoveMembers(RemoveMembers.newBuilder()
                            .setConversation(group.value())
                            .addUsers("nodes-hal"))
                    .build();
            assertThat(gus.ask(remove).hasOk()).isTrue();
            gus.send(group, "m2", "not for hal");
            await().atMost(LIMIT).until(() -> ida.count() == 4);

            // What came for hal later, in another conversation, proves that nothing more is on its way.
            ConversationId chat = direct("nodes-gus", "nodes-hal");
            hal.subscribe(chat);
            gus.send(chat, "m3", "for hal alone");
            await().atMost(LIMIT)
                    .until(() -> hal.events().stream()
                            .anyMatch(event -> event.getText().equals("for hal alone")));
            assertThat(hal.events()).noneMatch(event -> event.getText().equals("not for hal"));
        }
    }

    /** The last: the node is another one then. */
    @Order(Integer.MAX_VALUE)
    @Test
    void who_is_at_a_node_that_stands_still_is_offline_soon_and_misses_nothing_at_another_and_the_node_acts_no_more()
            throws Exception {
        ConversationId chat = direct("nodes-jim", "nodes-kim");
        HiveDevice kim = HiveDevice.connect(atSecond("nodes-kim", "phone"));
        try (HiveMqClient watcher = client("nodes-jim", "watch");
                HiveDevice jim = HiveDevice.connect(platform(), "nodes-jim/phone")) {
            kim.subscribe(chat);
            watcher.subscribe("chat/" + chat + "/presence");
            jim.send(chat, "m1", "text");
            await().atMost(LIMIT).until(() -> kim.count() == 1);
            awaitDelivered("nodes-kim", chat, 1);
            await().atMost(LIMIT)
                    .until(() -> presence(watcher, chat, "nodes-kim").getOnline());

            long pid = second.pid();
            HeldProcess held = HeldProcess.hold(pid);
            for (int i = 2; i <= EACH; i++) {
                jim.send(chat, "m" + i, "text");
            }
            await().atMost(OFFLINE_WITHIN)
                    .until(() -> !presence(watcher, chat, "nodes-kim").getOnline());
            System.out.printf(
                    "offline %.1f s after the node stood still%n", (System.nanoTime() - held.sinceNanos()) / 1e9);

            try (HiveDevice back = HiveDevice.connect(platform(), "nodes-kim/phone")) {
                back.subscribe(chat);
                jim.send(chat, "last", "text");
                await().atMost(LIMIT).until(() -> back.count() >= EACH);
                assertSeqs(back.events(), 2, EACH + 1);

                // The lease of a node that is silent for as long as others wait is lost, whoever has the slot by now.
                await().atMost(OFFLINE_WITHIN).until(() -> System.nanoTime() - held.sinceNanos() > LEASE.toNanos());
                held.close();

                await().atMost(LIMIT).until(() -> kim.ended().isDone());
                assertThat(kim.count())
                        .as("what it got before its node stood still")
                        .isEqualTo(1);
                await().atMost(LIMIT).until(() -> ProcessHandle.of(pid).isEmpty());
                jim.send(chat, "after", "text");
                await().atMost(LIMIT).until(() -> back.count() >= EACH + 1);
                assertSeqs(back.events(), 2, EACH + 2);
                assertThat(back.ended()).isNotDone();
            }
        } finally {
            kim.close();
        }
    }

    private Login atSecond(String user, String device) {
        return second.at(Login.of(platform(), UserId.parse(user), device));
    }

    /** Waits until what the user's devices acknowledged is in the log. */
    private void awaitDelivered(String user, ConversationId chat, int seq) {
        await().atMost(LIMIT).until(() -> summary(user, chat).getDelivered() == seq);
    }

    private static void assertSeqs(List<ChatEvent> events, int first, int last) {
        assertThat(events)
                .extracting(ChatEvent::getSeq)
                .isEqualTo(IntStream.rangeClosed(first, last).boxed().toList());
    }
}
