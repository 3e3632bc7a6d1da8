package io.parley.bridge.engine;

import static io.parley.bridge.engine.PlayedUser.CHAT;
import static io.parley.bridge.engine.PlayedUser.GROUP;
import static io.parley.bridge.engine.PlayedUser.HOUR;
import static io.parley.bridge.engine.PlayedUser.origin;
import static io.parley.bridge.engine.PlayedUser.toConversations;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.state.LastSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.LeftConversation;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connecting device is attached to what has moved, and to nothing else. */
final class MovedConversationsTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void a_conversation_of_which_a_device_has_everything_is_attached_when_it_moves_and_not_before() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        settled("phone", 1, CHAT, 4);
        ann.disconnected("phone", 1);
        assertThat(attached(ann.connects(origin("phone", 2), HOUR))).isEmpty();

        Map<String, ConversationCommand> woken = attached(wake(4, 5, false));

        assertThat(woken).containsOnlyKeys(CHAT.value());
        Attach attach = only(woken).getAttach();
        assertThat(attach.getWoken()).isTrue();
        assertThat(attach.getStartsAfter()).isEqualTo(4);
        assertThat(attached(wake(5, 6, false))).as("it is attached").isEmpty();
        ann.disconnected("phone", 2);
        assertThat(attached(ann.connects(origin("phone", 3), HOUR)))
                .as("it did not say that it has it")
                .containsOnlyKeys(CHAT.value());
    }

    @Test
    void what_one_device_has_another_still_gets() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.connected("tablet", 2);
        ann.subscribes("tablet", 2, "chat/+/msg");
        ann.disconnected("tablet", 2);
        settled("phone", 1, CHAT, 4);
        ann.disconnected("phone", 1);

        assertThat(attached(ann.connects(origin("phone", 3), HOUR))).isEmpty();
        assertThat(attached(ann.connects(origin("tablet", 4), HOUR))).containsOnlyKeys(CHAT.value());
        settled("tablet", 4, CHAT, 4);
        assertThat(ann.rows.keys("m|")).as("nobody lacks anything").isEmpty();
    }

    @Test
    void a_settlement_that_is_older_than_what_was_told_attaches_again_from_there() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        wake(3, 5, false);

        Attach attach = only(attached(settled("phone", 1, CHAT, 4))).getAttach();

        assertThat(attach.getStartsAfter()).isEqualTo(4);
        assertThat(attach.getWoken()).isTrue();
        assertThat(attached(settled("phone", 1, CHAT, 5))).isEmpty();
        assertThat(ann.rows.keys("m|")).isEmpty();
    }

    @Test
    void what_an_earlier_connection_says_late_settles_nothing() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.disconnected("phone", 1);
        ann.connects(origin("phone", 2), HOUR);

        assertThat(settled("phone", 1, CHAT, 9)).isEmpty();

        assertThat(ann.rows.keys("m|")).hasSize(1);
    }

    @Test
    void a_removal_wakes_a_session_that_ends_with_its_connection_up_to_it() {
        ann.connects(origin("browser", 1), 0);
        ann.subscribes("browser", 1, "chat/+/msg");
        settled("browser", 1, CHAT, 4);
        ann.connected("phone", 2);
        ann.subscribes("phone", 2, "chat/+/msg");
        settled("phone", 2, CHAT, 4);

        assertThat(wake(4, 5, true).stream()
                        .filter(Effect.TellConversation.class::isInstance)
                        .map(effect -> ((Effect.TellConversation) effect).command()))
                .extracting(command -> command.getOrigin().getDevice() + " "
                        + command.getAttach().getEndsWith())
                .as("of the other the conversation knows where it is")
                .containsExactlyInAnyOrder("browser 5", "phone 0");
    }

    @Test
    void who_is_away_is_counted_where_messages_go_when_all_have_them() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        settled("phone", 1, CHAT, 4);
        ann.disconnected("phone", 1);

        List<Effect> effects = ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setWake(Wake.newBuilder()
                                .setConversation(CHAT.value())
                                .setSince(4)
                                .setSeq(5)
                                .setUntilDelivered(true)));

        assertThat(toConversations(effects, ConversationCommand::hasExpectDevice))
                .containsOnlyKeys(CHAT.value());
        assertThat(toConversations(wake(5, 6, false), ConversationCommand::hasExpectDevice))
                .isEmpty();
    }

    @Test
    void who_named_a_group_gets_what_is_owed_there_after_a_removal() {
        ann.effects("ann", PlayedUser.joined(GROUP.value()));
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/" + GROUP + "/msg");
        ann.disconnected("phone", 1);
        ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setLeftConversation(LeftConversation.newBuilder()
                                .setConversation(GROUP.value())
                                .setBy("ben")
                                .setSeq(7)
                                .setOwed(true)));

        Map<String, ConversationCommand> attached = attached(ann.connects(origin("phone", 2), HOUR));

        assertThat(attached).containsOnlyKeys(GROUP.value());
        assertThat(only(attached).getAttach().getRightsOnly()).isFalse();
    }

    @Test
    void without_any_connection_and_without_its_last_words_conversations_are_asked_to_tell_what_comes() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.connected("tablet", 2);
        wake(6, 7, false);
        assertThat(asked(leaves("phone", 1, true))).as("the tablet is there").isEmpty();

        leaves("tablet", 2, true);
        Map<String, ConversationCommand> asked = asked(ann.ticks(20));

        assertThat(asked).containsOnlyKeys(CHAT.value());
        assertThat(only(asked).getAskForWake().getTold()).isEqualTo(7);
        ann.connected("phone", 3);
        leaves("phone", 3, false);
        assertThat(asked(ann.ticks(20))).as("it said all").isEmpty();
    }

    @Test
    void of_a_user_whom_an_older_engine_knew_everything_has_moved_until_a_device_has_said_otherwise() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        settled("phone", 1, CHAT, 4);
        ann.disconnected("phone", 1);
        ann.rows.put("l|ann", LastSession.newBuilder().setSession(1).build().toByteArray());

        assertThat(attached(ann.connects(origin("phone", 2), HOUR))).containsOnlyKeys(CHAT.value());
        settled("phone", 2, CHAT, 4);
        ann.disconnected("phone", 2);
        assertThat(attached(ann.connects(origin("phone", 3), HOUR))).isEmpty();
    }

    private List<Effect> settled(String device, long connection, ConversationId conversation, int seq) {
        return ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin(device, connection))
                        .setSettled(Settled.newBuilder()
                                .addConversations(SettledConversation.newBuilder()
                                        .setConversation(conversation.value())
                                        .setSeq(seq))));
    }

    private List<Effect> wake(int since, int seq, boolean removed) {
        return ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setWake(Wake.newBuilder()
                                .setConversation(CHAT.value())
                                .setSince(since)
                                .setSeq(seq)
                                .setRemoved(removed)));
    }

    private List<Effect> leaves(String device, long connection, boolean incomplete) {
        return ann.disconnects(
                origin(device, connection), DeviceDisconnected.newBuilder().setIncomplete(incomplete));
    }

    private static Map<String, ConversationCommand> attached(List<Effect> effects) {
        return toConversations(effects, ConversationCommand::hasAttach);
    }

    private static Map<String, ConversationCommand> asked(List<Effect> effects) {
        return toConversations(effects, ConversationCommand::hasAskForWake);
    }

    private static ConversationCommand only(Map<String, ConversationCommand> told) {
        assertThat(told).hasSize(1);
        return told.values().iterator().next();
    }
}
