package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Seeds;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How conversations begin, and who gets into groups: both machines, whichever takes its next command first. */
final class AdmissionTest {
    private static final ConversationId TWO = ConversationId.parse("ann~ben");
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");

    private SimulatedLog log = new SimulatedLog(new Random(1));

    @Test
    void what_both_write_at_once_is_there_once_in_each_ones_order() {
        Seeds.play(500, seed -> {
            Random random = new Random(seed);
            log = new SimulatedLog(random);
            connects("ann");
            connects("ben");
            List<String> ids = List.of("ann-1", "ben-1", "ann-2", "ben-2", "ann-1", "ben-3");
            for (String id : ids) {
                says(TWO, id.substring(0, 3), id);
                log.run(random.nextInt(4));
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
            assertThat(log.keysWith("o|ann~ben")).isEmpty();
            assertThat(log.keysWith("v|")).containsExactlyInAnyOrder("v|ann|ann~ben", "v|ben|ann~ben");
        });
    }

    @Test
    void a_message_to_who_never_connected_is_refused_and_leaves_no_row_until_they_do() {
        connects("ann");
        says(TWO, "ann", "m1");
        settle();
        assertThat(log.refused("m1")).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(errors()).anyMatch(error -> error.contains("ben"));
        assertThat(log.keysWith("ben")).isEmpty();

        connects("ben");
        says(TWO, "ann", "m1");
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
        says(TWO, "ann", "m1");
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
        says(TWO, "ben", "m1");
        says(TWO, "ann", "m2");
        settle();
        assertThat(log.refused("m1")).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(log.refused("m2")).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(log.keysWith("ann~ben")).isEmpty();
        assertThat(log.keysWith("b|ann|ben")).hasSize(1);
    }

    @Test
    void a_block_that_meets_the_admission_on_its_way_holds() {
        Seeds.play(500, seed -> {
            Random random = new Random(seed);
            log = new SimulatedLog(random);
            connects("ann");
            connects("ben");
            settle();
            says(TWO, "ben", "m1");
            log.run(random.nextInt(6));
            log.append(
                    "ann",
                    UserCommand.newBuilder()
                            .setOrigin(origin("ann"))
                            .setBlock(Block.newBuilder().setUser("ben"))
                            .build());
            settle();
            says(TWO, "ben", "m2");
            settle();
            assertThat(log.refused("m2")).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(log.refused("m1") != null).isEqualTo(log.events(TWO).isEmpty());
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
        says(TWO, "ann", "m1");
        settle();
        assertThat(answers())
                .singleElement()
                .matches(answer -> answer.getUser().equals("ben"))
                .matches(answer -> answer.getHead() == 1 && answer.getCursor() == 0 && answer.getOrdinal() == 1);
    }

    @Test
    void the_first_messages_end_with_an_error_when_no_answer_comes_and_a_late_answer_begins_nothing() {
        connects("ann");
        connects("ben");
        settle();
        says(TWO, "ann", "m1");
        log.holdUsers = true;
        settle();
        log.pass(30_000);
        assertThat(log.refused("m1")).isNull();
        log.restartEngine();
        log.pass(59_000);
        assertThat(log.refused("m1")).as("a new engine waits anew").isNull();
        log.pass(5_000);
        assertThat(log.refused("m1")).isEqualTo(ErrorCode.UNAVAILABLE);
        log.holdUsers = false;
        settle();
        assertThat(log.events(TWO)).isEmpty();
        assertThat(log.keysWith("ann~ben")).isEmpty();
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
    void what_changes_a_message_that_waits_is_carried_out_after_it_and_a_strangers_change_is_refused() {
        connects("ann");
        connects("ben");
        says(TWO, "ann", "m1");
        log.run(3);
        assertThat(log.events(TWO)).as("it waits").isEmpty();
        edits("ann", "e1");
        edits("eve", "e2");
        says(TWO, "ann", "m2");

        settle();

        assertThat(log.events(TWO)).extracting(ChatEvent::getId).containsExactly("m1", "m2", "e1");
        assertThat(log.events(TWO).get(2).getEdited().getSeq()).isEqualTo(1);
        assertThat(log.refused("e2")).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(log.keysWith("o|ann~ben")).isEmpty();
        assertThat(log.keysWith("a|ann~ben")).isEmpty();
    }

    private void edits(String user, String id) {
        log.append(
                TWO,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setSendMessage(SendMessage.newBuilder()
                                .setPublication(Publication.newBuilder()
                                        .setId(id)
                                        .setEdit(Edit.newBuilder().setSeq(1).setText("other words"))))
                        .build());
    }

    private void connects(String user) {
        log.append(
                user,
                UserCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(3600))
                        .build());
    }

    private void says(ConversationId conversation, String user, String id) {
        log.append(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(user))
                        .setSendMessage(SendMessage.newBuilder()
                                .setPublication(
                                        Publication.newBuilder().setId(id).setText("t")))
                        .build());
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
        while (log.run(100)) {
            // Until nothing is under way.
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
