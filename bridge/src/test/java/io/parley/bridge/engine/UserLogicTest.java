package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.user.UserRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachAll;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Unblock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user is online from the first connection until a grace after the last, whatever becomes of the node; and who is told whom they block. */
class UserLogicTest {
    private static final long GRACE_MILLIS = 10_000;
    private static final long SECOND = 1000;
    private static final ConversationId CHAT = ConversationId.parse("ann~ben");
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(5).build();

    private static final Node OTHER = Node.newBuilder().setSlot(1).setEpoch(3).build();

    private final MapRows rows = new MapRows();
    private UserLogic logic = new UserLogic(new UserRules(GRACE_MILLIS));
    private long nowMillis = 1_700_000_000_000L;

    @BeforeEach
    void ann_is_in_a_conversation() throws Exception {
        run(UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder().setConversation(CHAT.value())));
        alive(NODE);
    }

    @Test
    void the_first_connection_is_told_and_the_second_is_not() throws Exception {
        assertThat(connected("phone", 1)).extracting(Presence::getOnline).containsExactly(true);
        assertThat(connected("tablet", 2)).isEmpty();
        assertThat(disconnected("phone", 1)).isEmpty();
        nothingIsToldForAMinute();
    }

    @Test
    void a_device_that_connects_at_another_node_loses_its_connection_at_the_first() throws Exception {
        connected("phone", 1);
        Origin elsewhere = origin("phone", 1).toBuilder().setNode(OTHER).build();
        UserCommand again = UserCommand.newBuilder()
                .setOrigin(elsewhere)
                .setDeviceConnected(DeviceConnected.getDefaultInstance())
                .build();
        CloseConnection taken = CloseConnection.newBuilder()
                .setUser("ann")
                .setDevice("phone")
                .setConnection(1)
                .setReason(CloseConnection.Reason.TAKEN_OVER)
                .build();

        assertThat(logic.run("ann", again.toByteArray(), nowMillis, rows))
                .filteredOn(Effect.Deliver.class::isInstance)
                .containsExactly(new Effect.Deliver(
                        NODE.getSlot(),
                        "ann",
                        Delivery.newBuilder()
                                .setClose(taken)
                                .setEpoch(NODE.getEpoch())
                                .build()));
        assertThat(disconnected("phone", 1)).isEmpty();
        assertThat(after(20))
                .as("the first connection's end is not the device's")
                .isEmpty();
        assertThat(logic.run("ann", again.toByteArray(), nowMillis, rows))
                .as("the same connection announced once more")
                .noneMatch(Effect.Deliver.class::isInstance);
    }

    @Test
    void the_last_connection_counts_until_the_grace_is_over() throws Exception {
        connected("phone", 1);
        long leftMillis = nowMillis;
        assertThat(disconnected("phone", 1)).isEmpty();
        assertThat(after(9)).isEmpty();
        List<Presence> told = after(1);
        assertThat(told).extracting(Presence::getOnline).containsExactly(false);
        assertThat(told.get(0).getLastSeen().getSeconds()).isEqualTo(leftMillis / 1000);
        assertThat(after(60)).isEmpty();
    }

    @Test
    void who_comes_back_within_the_grace_was_never_away() throws Exception {
        connected("phone", 1);
        disconnected("phone", 1);
        assertThat(after(9)).isEmpty();
        assertThat(connected("phone", 2)).isEmpty();
        nothingIsToldForAMinute();
    }

    @Test
    void the_devices_of_a_silent_node_are_offline_within_thirty_seconds() throws Exception {
        connected("phone", 1);
        assertThat(after(8)).isEmpty();
        alive(NODE);
        assertThat(after(19)).isEmpty();
        assertThat(after(2)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_node_that_died_while_the_engine_was_down_is_missed() throws Exception {
        connected("phone", 1);
        logic = new UserLogic(new UserRules(GRACE_MILLIS));
        assertThat(after(21)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_new_life_of_a_node_ends_the_connections_of_the_one_before() throws Exception {
        connected("phone", 1);
        alive(NODE.toBuilder().setEpoch(6).build());
        assertThat(after(9)).isEmpty();
        assertThat(after(1)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_node_taken_for_dead_that_announces_its_connections_again_shows_nothing() throws Exception {
        connected("phone", 1);
        assertThat(after(12)).isEmpty();
        alive(NODE);
        assertThat(connected("phone", 1)).isEmpty();
        nothingIsToldForAMinute();
    }

    @Test
    void a_tick_tells_no_more_than_a_transaction_carries_and_the_next_goes_on() throws Exception {
        int users = 101;
        int conversations = 100;
        for (int user = 0; user < users; user++) {
            for (int i = 0; i < conversations; i++) {
                logic.run("user" + user, joined("g%010d".formatted(i)), nowMillis, rows);
            }
            UserCommand here = UserCommand.newBuilder()
                    .setOrigin(origin("phone", 1).toBuilder().setUser("user" + user))
                    .setDeviceConnected(DeviceConnected.getDefaultInstance())
                    .build();
            logic.run("user" + user, here.toByteArray(), nowMillis, rows);
        }

        List<Presence> told = after(20);
        List<Presence> rest = after(1);

        assertThat(told).hasSize(10_000);
        assertThat(rest).hasSize(users * conversations - 10_000);
        assertThat(after(60)).isEmpty();
    }

    private static byte[] joined(String conversation) {
        return UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder().setConversation(conversation))
                .build()
                .toByteArray();
    }

    @Test
    void a_follower_that_is_away_is_expected_in_a_new_conversation() throws Exception {
        connected("phone", 1);
        attachesAll("phone", 1, false);
        run(UserCommand.newBuilder()
                .setOrigin(origin("browser", 2))
                .setDeviceConnected(DeviceConnected.newBuilder().setCleanStart(true)));
        attachesAll("browser", 2, true);
        attachesAll("browser", 2, false);
        connected("sensor", 3);
        for (String device : List.of("phone", "browser", "sensor")) {
            disconnected(device, device.equals("phone") ? 1 : device.equals("browser") ? 2 : 3);
        }
        assertThat(logic.run("ann", joined("ann~cid"), nowMillis, rows))
                .filteredOn(effect -> effect instanceof Effect.TellConversation tell
                        && tell.command().hasExpectDevice())
                .extracting(effect -> ((Effect.TellConversation) effect)
                        .command()
                        .getExpectDevice()
                        .getDevice())
                .as("not who starts anew each time, nor who follows nothing")
                .containsExactly("phone");
    }

    @Test
    void a_clean_start_is_told_which_conversations_will_answer() throws Exception {
        connected("phone", 1);

        assertThat(attaching(false)).isEmpty();
        assertThat(attaching(true)).hasSize(1);
        AttachingAll all = attaching(true).get(0);
        assertThat(all.getConnection()).isEqualTo(1);
        assertThat(all.getConversationsList()).containsExactly(CHAT.value());
    }

    private List<AttachingAll> attaching(boolean cleanStart) throws Exception {
        UserCommand command = UserCommand.newBuilder()
                .setOrigin(origin("phone", 1))
                .setAttachAll(
                        AttachAll.newBuilder().setAttach(Attach.newBuilder().setCleanStart(cleanStart)))
                .build();
        return logic.run("ann", command.toByteArray(), nowMillis, rows).stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery().getAttachingAll())
                .toList();
    }

    private void attachesAll(String device, long connection, boolean cleanStart) throws Exception {
        run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setAttachAll(
                        AttachAll.newBuilder().setAttach(Attach.newBuilder().setCleanStart(cleanStart))));
    }

    @Test
    void a_users_groups_are_told_whom_the_user_blocks_and_a_new_one_before_anything_else() throws Exception {
        blocks("ben", true);
        List<ConversationCommand> joining = toConversations(UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder().setConversation(GROUP.value())));
        assertThat(joining.get(0).getBlockChanged().getUsersList()).containsExactly("ben");
        assertThat(joining.get(0).getBlockChanged().getBlocked()).isTrue();
        assertThat(joining.get(1).hasPresenceChanged()).isTrue();

        assertThat(blocks("cid", true))
                .extracting(changed -> changed.getUsers(0) + " " + changed.getBlocked())
                .as("the conversation of the two, and the group")
                .containsExactly("cid true", "cid true");
        assertThat(blocks("cid", true)).isEmpty();
        assertThat(blocks("cid", false))
                .extracting(changed -> changed.getUsers(0) + " " + changed.getBlocked())
                .containsExactly("cid false", "cid false");
    }

    @Test
    void with_an_erased_user_their_blocks_end_even_where_nothing_was_said() throws Exception {
        blocks("dan", true);
        assertThat(logic
                        .run(
                                "ann",
                                UserCommand.newBuilder()
                                        .setEraseUser(EraseUser.getDefaultInstance())
                                        .build()
                                        .toByteArray(),
                                nowMillis,
                                rows)
                        .stream()
                        .filter(effect -> effect instanceof Effect.TellConversation tell
                                && tell.conversation().value().equals("ann~dan"))
                        .map(effect ->
                                ((Effect.TellConversation) effect).command().getBlockChanged()))
                .containsExactly(
                        BlockChanged.newBuilder().setBy("ann").addUsers("dan").build());
    }

    @Test
    void a_late_wish_of_a_connection_that_was_taken_over_changes_nothing() throws Exception {
        connected("phone", 1);
        connected("phone", 2);
        attachesAll("phone", 1, false);
        disconnected("phone", 1);
        nothingIsToldForAMinute();
        disconnected("phone", 2);
        assertThat(after(10)).extracting(Presence::getOnline).containsExactly(false);
    }

    private List<BlockChanged> blocks(String user, boolean blocked) throws Exception {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(origin("phone", 1));
        return toConversations(
                        blocked
                                ? command.setBlock(Block.newBuilder().setUser(user))
                                : command.setUnblock(Unblock.newBuilder().setUser(user)))
                .stream()
                .map(ConversationCommand::getBlockChanged)
                .toList();
    }

    private List<ConversationCommand> toConversations(UserCommand.Builder command) throws Exception {
        return logic.run("ann", command.build().toByteArray(), nowMillis, rows).stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).command())
                .toList();
    }

    /** The node says that it lives, as it does. */
    private void nothingIsToldForAMinute() throws Exception {
        for (int beat = 0; beat < 30; beat++) {
            alive(NODE);
            assertThat(after(2)).isEmpty();
        }
    }

    private List<Presence> connected(String device, long connection) throws Exception {
        return run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setDeviceConnected(DeviceConnected.getDefaultInstance()));
    }

    private List<Presence> disconnected(String device, long connection) throws Exception {
        return run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance()));
    }

    private void alive(Node node) throws Exception {
        UserCommand alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node))
                .build();
        assertThat(told(logic.run(LogTopics.ALL_USERS, alive.toByteArray(), nowMillis, rows)))
                .isEmpty();
    }

    private List<Presence> run(UserCommand.Builder command) throws Exception {
        return told(logic.run("ann", command.build().toByteArray(), nowMillis, rows));
    }

    /** What is told in that time, a tick a second. */
    private List<Presence> after(int seconds) {
        List<Effect> effects = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            nowMillis += SECOND;
            effects.addAll(logic.tick(nowMillis, rows));
        }
        return told(effects);
    }

    private static List<Presence> told(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).command())
                .filter(command -> command.hasPresenceChanged())
                .map(command -> command.getPresenceChanged().getPresence())
                .toList();
    }

    private static Origin origin(String device, long connection) {
        return Origin.newBuilder()
                .setUser("ann")
                .setDevice(device)
                .setNode(NODE)
                .setConnection(connection)
                .build();
    }
}
