package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.user.UserRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachAll;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
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

/** The user machine of ann, who is in a conversation of two, at a time of the test's own. */
final class PlayedUser {
    private static final long GRACE_MILLIS = 10_000;
    private static final long SECOND = 1000;
    static final ConversationId CHAT = ConversationId.parse("ann~ben");
    static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(5).build();
    static final Node OTHER = Node.newBuilder().setSlot(1).setEpoch(3).build();

    private final MapRows rows = new MapRows();
    private UserLogic logic = new UserLogic(new UserRules(GRACE_MILLIS), new Refusals());
    long nowMillis = 1_700_000_000_000L;

    PlayedUser() {
        run(joined(CHAT.value()));
        alive(NODE);
    }

    static UserCommand.Builder joined(String conversation) {
        return UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder().setConversation(conversation));
    }

    void attachesAll(String device, long connection, boolean cleanStart) {
        run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setAttachAll(
                        AttachAll.newBuilder().setAttach(Attach.newBuilder().setCleanStart(cleanStart))));
    }

    List<BlockChanged> blocks(String user, boolean blocked) {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(origin("phone", 1));
        return toConversations(
                        blocked
                                ? command.setBlock(Block.newBuilder().setUser(user))
                                : command.setUnblock(Unblock.newBuilder().setUser(user)))
                .stream()
                .map(ConversationCommand::getBlockChanged)
                .toList();
    }

    List<ConversationCommand> toConversations(UserCommand.Builder command) {
        return effects("ann", command).stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).command())
                .toList();
    }

    /** The node says that it lives, as it does. */
    void nothingIsToldForAMinute() {
        for (int beat = 0; beat < 30; beat++) {
            alive(NODE);
            assertThat(after(2)).isEmpty();
        }
    }

    List<Presence> connected(String device, long connection) {
        return run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setDeviceConnected(DeviceConnected.getDefaultInstance()));
    }

    List<Presence> disconnected(String device, long connection) {
        return run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance()));
    }

    void alive(Node node) {
        UserCommand.Builder alive =
                UserCommand.newBuilder().setNodeAlive(NodeAlive.newBuilder().setNode(node));
        assertThat(told(effects(LogTopics.ALL_USERS, alive))).isEmpty();
    }

    /** What a command of ann tells of her presence. */
    List<Presence> run(UserCommand.Builder command) {
        return told(effects("ann", command));
    }

    /** Everything that follows from a command. */
    List<Effect> effects(String key, UserCommand.Builder command) {
        return logic.run(key, command.build().toByteArray(), nowMillis, rows);
    }

    /** The engine starts anew with what it kept. */
    void restart() {
        logic = new UserLogic(new UserRules(GRACE_MILLIS), new Refusals());
    }

    /** What is told in that time, a tick a second. */
    List<Presence> after(int seconds) {
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

    static Origin origin(String device, long connection) {
        return Origin.newBuilder()
                .setUser("ann")
                .setDevice(device)
                .setNode(NODE)
                .setConnection(connection)
                .build();
    }
}
