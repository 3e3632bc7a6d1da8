package io.parley.bridge.engine;

import static io.parley.bridge.engine.PlayedUser.HOUR;
import static io.parley.bridge.engine.PlayedUser.closed;
import static io.parley.bridge.engine.PlayedUser.opened;
import static io.parley.bridge.engine.PlayedUser.origin;
import static io.parley.bridge.engine.PlayedUser.toConversations;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.RemoveDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection gets its device's session when the connection before has said its last, or cannot any more. */
final class TakeOverTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void the_newcomer_is_answered_when_the_first_connection_is_at_its_end() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");

        List<Effect> asked = ann.connects(elsewhere(2), HOUR);
        assertThat(closed(asked)).containsExactly("1 TAKEN_OVER");
        assertThat(opened(asked)).isEmpty();
        assertThat(ann.subscribes("phone", 2, "chat/@cid/msg"))
                .as("it has no session yet")
                .isEmpty();

        List<Effect> end = ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder());
        assertThat(opened(end)).extracting(SessionOpened::getPresent).containsExactly(true);
        assertThat(opened(end)).extracting(SessionOpened::getConnection).containsExactly(2L);
        assertThat(opened(end)).extracting(SessionOpened::getInterrupted).containsExactly(false);
        assertThat(opened(end).get(0).getSubscriptionsList()).hasSize(1);
        assertThat(toConversations(end, ConversationCommand::hasAttach)).containsOnlyKeys("ann~ben");
    }

    @Test
    void a_connection_that_does_not_end_is_waited_for_three_seconds() {
        ann.connected("phone", 1);
        ann.connects(elsewhere(2), HOUR);
        assertThat(opened(ann.ticks(2))).isEmpty();

        List<SessionOpened> opened = opened(ann.ticks(1));

        assertThat(opened).extracting(SessionOpened::getConnection).containsExactly(2L);
        assertThat(opened).extracting(SessionOpened::getInterrupted).containsExactly(true);
        assertThat(ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder()))
                .as("too late")
                .isEmpty();
    }

    @Test
    void only_the_newest_of_those_who_wait_is_answered_and_waits_no_longer_for_it() {
        ann.connected("phone", 1);
        ann.connects(elsewhere(2), HOUR);
        ann.ticks(2);
        assertThat(closed(ann.connects(elsewhere(3), HOUR))).containsExactly("2 TAKEN_OVER");
        assertThat(ann.disconnects(elsewhere(2), DeviceDisconnected.newBuilder()))
                .isEmpty();

        assertThat(opened(ann.ticks(1)))
                .extracting(SessionOpened::getConnection)
                .containsExactly(3L);
    }

    @Test
    void who_waits_and_leaves_is_not_answered() {
        ann.connected("phone", 1);
        ann.connects(elsewhere(2), HOUR);
        assertThat(ann.disconnects(elsewhere(2), DeviceDisconnected.newBuilder()))
                .isEmpty();
        assertThat(ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder()))
                .isEmpty();
        assertThat(opened(ann.ticks(5))).isEmpty();
        assertThat(opened(ann.connects(elsewhere(3), HOUR)))
                .extracting(SessionOpened::getPresent)
                .containsExactly(true);
    }

    @Test
    void a_dead_node_is_not_waited_for() {
        ann.alive(PlayedUser.OTHER);
        ann.connected("phone", 1);
        ann.connects(elsewhere(2), HOUR);
        List<Effect> effects = nodeComesBack();
        assertThat(opened(effects)).extracting(SessionOpened::getConnection).containsExactly(2L);
        assertThat(opened(effects)).extracting(SessionOpened::getInterrupted).containsExactly(true);
    }

    @Test
    void a_new_life_of_the_node_itself_is_answered_at_once() {
        ann.connected("phone", 1);
        Origin anew = origin("phone", 1).toBuilder()
                .setNode(PlayedUser.NODE.toBuilder().setEpoch(6))
                .build();
        List<SessionOpened> opened = opened(ann.connects(anew, HOUR));
        assertThat(opened).extracting(SessionOpened::getPresent).containsExactly(true);
        assertThat(opened).extracting(SessionOpened::getInterrupted).containsExactly(true);
    }

    @Test
    void a_newcomer_whose_own_node_dies_is_not_answered() {
        ann.connects(elsewhere(1), HOUR);
        ann.connects(origin("phone", 2), HOUR);
        assertThat(opened(nodeComesBack())).isEmpty();
        assertThat(opened(ann.disconnects(elsewhere(1), DeviceDisconnected.newBuilder())))
                .isEmpty();
    }

    @Test
    void what_the_newcomer_said_counts_when_it_gets_its_turn() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(elsewhere(2))
                        .setDeviceConnected(DeviceConnected.newBuilder().setCleanStart(true)));
        List<Effect> end = ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder());
        assertThat(opened(end)).extracting(SessionOpened::getPresent).containsExactly(false);
        assertThat(toConversations(end, ConversationCommand::hasAttach)).isEmpty();

        ann.disconnects(elsewhere(2), DeviceDisconnected.newBuilder());
        assertThat(opened(ann.connects(elsewhere(3), HOUR)))
                .as("the session was a transient one")
                .extracting(SessionOpened::getPresent)
                .containsExactly(false);
    }

    @Test
    void a_transient_session_is_not_taken_over_but_followed_by_another() {
        ann.connects(origin("browser", 1), 0);
        ann.connects(origin("browser", 2), HOUR);
        assertThat(opened(ann.disconnects(origin("browser", 1), DeviceDisconnected.newBuilder())))
                .extracting(SessionOpened::getPresent)
                .containsExactly(false);
    }

    @Test
    void the_user_stays_online() {
        ann.connected("phone", 1);
        ann.connects(origin("phone", 2), HOUR);
        assertThat(ann.disconnected("phone", 1)).isEmpty();
        ann.nothingIsToldForAMinute();
    }

    @Test
    void a_conversation_that_begins_meanwhile_waits_for_the_newcomer() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.connects(origin("phone", 2), HOUR);

        List<Effect> joined = ann.effects("ann", PlayedUser.joined("ann~cid"));
        assertThat(toConversations(joined, ConversationCommand::hasExpectDevice))
                .containsOnlyKeys("ann~cid");
        assertThat(toConversations(joined, ConversationCommand::hasAttach)).isEmpty();

        List<Effect> end = ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder());
        assertThat(toConversations(end, ConversationCommand::hasAttach)).containsOnlyKeys("ann~ben", "ann~cid");
    }

    @Test
    void a_removed_device_loses_the_connection_that_waits_too() {
        ann.connected("phone", 1);
        ann.connects(elsewhere(2), HOUR);
        List<Effect> effects = ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("tablet", 5))
                        .setRemoveDevice(RemoveDevice.newBuilder().setDevice("phone")));
        assertThat(closed(effects)).containsExactly("1 REMOVED", "2 REMOVED");
        assertThat(opened(ann.ticks(5))).isEmpty();
    }

    private List<Effect> nodeComesBack() {
        return ann.effects(
                LogTopics.ALL_USERS,
                UserCommand.newBuilder()
                        .setNodeAlive(NodeAlive.newBuilder()
                                .setNode(PlayedUser.NODE.toBuilder().setEpoch(6))));
    }

    private static Origin elsewhere(long connection) {
        return origin("phone", connection).toBuilder().setNode(PlayedUser.OTHER).build();
    }
}
