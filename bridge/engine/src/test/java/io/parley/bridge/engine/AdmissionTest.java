package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How conversations begin, and who gets into groups: both machines, whichever takes its next command first. */
final class AdmissionTest {
    private static final ConversationId TWO = ConversationId.parse("ann~ben");
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");

    private SimulatedLog log = new SimulatedLog(new Random(1));
    /** What each user's connection still has to say in the conversation of two: it asks for one at a time. */
    private final Map<String, Deque<Publication>> toSay = new HashMap<>();
    /** What was refused before it was appended. */
    private final Map<String, ErrorCode> refusedBefore = new HashMap<>();

    private int answersRead;

    @Test
    void what_both_write_at_once_is_there_once_in_each_ones_order() {
        Seeds.play(500, seed -> {
            Random random = new Random(seed);
            start(random);
            connects("ann");
            connects("ben");
            List<String> ids = List.of("ann-1", "ben-1", "ann-2", "ben-2", "ann-1", "ben-3");
            for (String id : ids) {
                says(id.substring(0, 3), id);
                log.run(random.nextInt(4));
                if (random.nextBoolean()) {
                    takeAnswers();
                }
                if (random.nextInt(10) == 0) {
                    log.restartEngine();
                }
            }
            settle();
            assertThat(log.events(TWO)).extracting(ChatEvent::getId).hasSize(5).doesNotHaveDuplicates();
            for (String user : List.of("ann", "ben")) {
                assertThat(log.events(TWO).stream().map(ChatEvent::getId).filter(id -> id.startsWith(user)))
                        .isSorted();
            }
            assertThat(log.keysWith("a|ann~ben")).isEmpty();
            assertThat(log.keysWith("v|")).containsExactlyInAnyOrder("v|ann|ann~ben", "v|ben|ann~ben");
        });
    }

    @Test
    void a_message_to_who_never_connected_is_refused_and_leaves_no_row_until_they_do() {
        connects("ann");
        says("ann", "m1");
        settle();
        assertThat(refused("m1")).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(answers())
                .anyMatch(answer -> answer.getRefused().getMessage().contains("ben"));
        assertThat(log.keysWith("ben")).isEmpty();

        connects("ben");
        says("ann", "m1");
        settle();
        assertThat(log.events(TWO)).extracting(ChatEvent::getId).containsExactly("m1");
    }

    @Test
    void who_an_operator_made_known_can_be_written_to() {
        connects("ann");
        log.append(
                "ben",
                UserCommand.newBuilder()
                        .setKnowUser(KnowUser.getDefaultInstance())
                        .build());
        says("ann", "m1");
        settle();
        assertThat(log.events(TWO)).hasSize(1);
    }

    @Test
    void a_block_before_the_first_message_holds_whichever_writes_and_is_kept_by_the_user_alone() {
        connects("ann");
        connects("ben");
        log.append(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("ann"))
                        .setBlock(Block.newBuilder().setUser("ben"))
                        .build());
        says("ben", "m1");
        says("ann", "m2");
        settle();
        assertThat(refused("m1")).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refused("m2")).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(log.keysWith("ann~ben")).isEmpty();
        assertThat(log.keysWith("b|ann|ben")).hasSize(1);
    }

    @Test
    void a_block_that_meets_the_admission_on_its_way_holds() {
        Seeds.play(500, seed -> {
            Random random = new Random(seed);
            start(random);
            connects("ann");
            connects("ben");
            settle();
            String writer = random.nextBoolean() ? "ann" : "ben";
            says(writer, "m1");
            for (int i = random.nextInt(6); i > 0; i--) {
                log.run(1);
                takeAnswers();
            }
            log.append(
                    "ann",
                    UserCommand.newBuilder()
                            .setOrigin(origin("ann"))
                            .setBlock(Block.newBuilder().setUser("ben"))
                            .build());
            settle();
            log.pass(1);
            says(writer, "m2");
            settle();
            assertThat(refused("m2")).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(log.keysWith("a|ann~ben")).isEmpty();
            if (log.events(TWO).isEmpty()) {
                assertThat(refused("m1")).isIn(ErrorCode.NOT_ALLOWED, ErrorCode.UNAVAILABLE);
                assertThat(log.keysWith("ann~ben")).isEmpty();
            } else {
                assertThat(refused("m1")).isNull();
            }
        });
    }

    @Test
    void subscribing_to_invented_partners_and_typing_there_leaves_no_row_but_the_filters() {
        connects("ann");
        for (int i = 0; i < 100; i++) {
            ConversationId invented = ConversationId.parse("ann~invented" + i);
            log.append(
                    invented,
                    ConversationCommand.newBuilder()
                            .setOrigin(origin("ann"))
                            .setAttach(Attach.newBuilder().setReceipts(true).setPresence(true))
                            .build());
            log.append(
                    invented,
                    ConversationCommand.newBuilder()
                            .setOrigin(origin("ann"))
                            .setTypingNow(TypingNow.newBuilder().setTyping(true))
                            .build());
        }
        settle();
        assertThat(answers()).hasSize(100).allMatch(Attached::getMember).allMatch(answer -> answer.getOrdinal() == 0);
        assertThat(log.keysWith("invented")).isEmpty();
    }

    @Test
    void a_device_that_subscribed_by_name_is_attached_with_the_first_message_and_gets_it() {
        connects("ann");
        connects("ben");
        log.append(
                "ben",
                UserCommand.newBuilder()
                        .setOrigin(origin("ben"))
                        .setSubscribe(Subscribe.newBuilder()
                                .addSubscriptions(Subscription.newBuilder().setFilter("chat/@ann/msg")))
                        .build());
        settle();
        says("ann", "m1");
        settle();
        assertThat(answers())
                .filteredOn(answer -> !answer.getToWrite())
                .singleElement()
                .matches(answer -> answer.getUser().equals("ben"))
                .matches(answer -> answer.getHead() == 1 && answer.getCursor() == 0 && answer.getOrdinal() == 1);
    }

    @Test
    void a_question_that_nobody_answers_ends_after_ten_minutes_and_a_late_answer_begins_nothing() {
        connects("ann");
        connects("ben");
        settle();
        log.holdUsers = true;
        says("ann", "m1");
        settle();
        log.pass(599_000);
        assertThat(log.keysWith("a|ann~ben")).hasSize(1);
        log.restartEngine();
        log.pass(599_000);
        assertThat(log.keysWith("a|ann~ben")).as("a new engine waits anew").hasSize(1);
        log.pass(2_000);
        assertThat(log.keysWith("ann~ben")).isEmpty();
        log.holdUsers = false;
        settle();
        assertThat(answers()).isEmpty();
        assertThat(log.events(TWO)).isEmpty();
        assertThat(log.keysWith("ann~ben")).isEmpty();
    }

    @Test
    void an_admission_outlives_an_outage_between_the_answer_and_the_message() {
        connects("ann");
        connects("ben");
        asks("ann");
        log.run(100);
        log.pass(300_000);
        append("ann", message("m1"));
        settle();
        assertThat(log.events(TWO)).hasSize(1);
        assertThat(log.keysWith("a|ann~ben")).isEmpty();
    }

    @Test
    void an_admission_that_is_not_used_ends_and_the_message_that_comes_later_is_to_be_sent_again() {
        connects("ann");
        connects("ben");
        asks("ann");
        log.run(100);
        log.pass(602_000);
        assertThat(log.keysWith("ann~ben")).isEmpty();
        append("ann", message("m1"));
        settle();
        assertThat(refused("m1")).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(log.keysWith("ann~ben")).isEmpty();

        says("ann", "m1");
        settle();
        assertThat(log.events(TWO)).hasSize(1);
    }

    @Test
    void no_row_holds_what_is_said_before_the_conversation_begins() {
        connects("ann");
        connects("ben");
        settle();
        log.holdUsers = true;
        says("ann", "m1");
        append("ben", message("m2"));
        settle();
        assertThat(refused("m2")).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(log.keysWith("ann~ben")).containsExactly("a|ann~ben|ann");
    }

    @Test
    void who_is_unknown_and_added_to_a_group_is_removed_again_with_one_event_and_who_added_them_is_told() {
        connects("ann");
        connects("ben");
        log.append(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("ann"))
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(GROUP.value())
                                .setGroup(CreateGroup.newBuilder()
                                        .addMembers("ben")
                                        .addMembers("nobody")
                                        .addMembers("noone")))
                        .build());
        settle();
        log.pass(3_000);
        settle();
        assertThat(log.events(GROUP)).hasSize(2);
        assertThat(log.events(GROUP).get(1).getMembersRemoved().getUsersList()).containsExactly("nobody", "noone");
        assertThat(log.events(GROUP).get(1).getFrom()).isEqualTo("ann");
        assertThat(errors()).anyMatch(error -> error.contains("NOT_FOUND") && error.contains("nobody, noone"));
        assertThat(log.keysWith("nobody")).isEmpty();
        assertThat(log.keysWith("z|")).isEmpty();
        assertThat(log.keysWith("m|" + GROUP)).hasSize(2);
    }

    @Test
    void what_changes_nothing_begins_nothing_and_a_stranger_is_not_asked_about() {
        connects("ann");
        connects("ben");
        asks("eve");
        says("ann", edit("e1"));
        settle();
        assertThat(refused("e1")).isEqualTo(ErrorCode.NOT_FOUND);
        append("eve", message("e2"));
        settle();
        assertThat(refused("e2")).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(log.events(TWO)).isEmpty();
        assertThat(log.keysWith("ann~ben")).as("either may write still").containsExactly("a|ann~ben|ann");

        append("ben", message("m1"));
        says("ann", edit("e3"));
        settle();
        assertThat(log.events(TWO)).extracting(ChatEvent::getId).containsExactly("m1");
        assertThat(refused("e3")).as("not ann's").isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(log.keysWith("a|ann~ben")).isEmpty();
    }

    @Test
    void who_is_erased_is_asked_about_no_more_and_the_other_asks_again() {
        connects("ann");
        connects("ben");
        settle();
        log.holdUsers = true;
        says("ben", "m1");
        settle();
        log.append(
                TWO,
                ConversationCommand.newBuilder()
                        .setEraseMember(EraseMember.newBuilder().setUser("ann"))
                        .build());
        settle();
        assertThat(refused("m1")).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(log.keysWith("ann~ben")).isEmpty();
    }

    private void connects(String user) {
        log.append(
                user,
                UserCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(3600))
                        .build());
    }

    private void start(Random random) {
        log = new SimulatedLog(random);
        toSay.clear();
        refusedBefore.clear();
        answersRead = 0;
    }

    private static Publication message(String id) {
        return Publication.newBuilder().setId(id).setText("t").build();
    }

    private static Publication edit(String id) {
        return Publication.newBuilder()
                .setId(id)
                .setEdit(Edit.newBuilder().setSeq(1).setText("other words"))
                .build();
    }

    private void says(String user, String id) {
        says(user, message(id));
    }

    /** The user's node asks for it when everything before it is appended. */
    private void says(String user, Publication publication) {
        Deque<Publication> waiting = toSay.computeIfAbsent(user, key -> new ArrayDeque<>());
        waiting.add(publication);
        if (waiting.size() == 1) {
            asks(user);
        }
    }

    private void asks(String user) {
        log.append(
                TWO,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                        .build());
    }

    private void append(String user, Publication publication) {
        log.append(
                TWO,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setSendMessage(SendMessage.newBuilder().setPublication(publication))
                        .build());
    }

    /** The node reads what it was answered; false: nothing. */
    private boolean takeAnswers() {
        List<Addressed> all = log.deliveries(0);
        int before = answersRead;
        for (; answersRead < all.size(); answersRead++) {
            Attached answer = all.get(answersRead).delivery().getAttached();
            Deque<Publication> waiting = toSay.getOrDefault(answer.getUser(), new ArrayDeque<>());
            if (!answer.getToWrite() || waiting.isEmpty()) {
                continue;
            }
            Publication publication = waiting.remove();
            if (answer.getMember()) {
                append(answer.getUser(), publication);
            } else {
                refusedBefore.put(publication.getId(), answer.getRefused().getCode());
            }
            if (!waiting.isEmpty()) {
                asks(answer.getUser());
            }
        }
        return answersRead > before;
    }

    /** Why a message was refused, before it was appended or after; null: it was not. */
    private @Nullable ErrorCode refused(String id) {
        ErrorCode before = refusedBefore.get(id);
        return before == null ? log.refused(id) : before;
    }

    private static Origin origin(String user) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice("phone")
                .setConnection(1)
                .setNode(Node.newBuilder().setSlot(0).setEpoch(1))
                .build();
    }

    private void settle() {
        boolean progress = true;
        while (progress) {
            progress = log.run(100);
            progress |= takeAnswers();
        }
    }

    private Stream<Delivery> deliveries() {
        return log.deliveries(0).stream().map(Addressed::delivery);
    }

    private List<Attached> answers() {
        return deliveries()
                .filter(Delivery::hasAttached)
                .map(Delivery::getAttached)
                .toList();
    }

    private List<String> errors() {
        return deliveries()
                .filter(delivery -> delivery.getReply().getReply().hasError())
                .map(delivery -> delivery.getReply().getReply().getError().toString())
                .toList();
    }
}
