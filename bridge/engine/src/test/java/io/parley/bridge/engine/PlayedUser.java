package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Unblock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The user machine of ann, who is in a conversation of two, at a time of the test's own. */
final class PlayedUser {
    private static final long GRACE_MILLIS = 10_000;
    private static final long SECOND = 1000;
    static final int HOUR = 3600;
    static final ConversationId CHAT = ConversationId.parse("ann~ben");
    static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(5).build();
    static final Node OTHER = Node.newBuilder().setSlot(1).setEpoch(3).build();

    final MapRows rows = new MapRows();
    private UserLogic logic = new UserLogic(new UserRules(GRACE_MILLIS, UserLimits.defaults()), new Refusals());
    long nowMillis = 1_700_000_000_000L;

    PlayedUser() {
        run(UserCommand.newBuilder().setKnowUser(KnowUser.getDefaultInstance()));
        run(joined(CHAT.value()));
        alive(NODE);
    }

    static UserCommand.Builder joined(String conversation) {
        return UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder().setConversation(conversation));
    }

    /** Subscribes, and is attached for filters that mean every conversation. */
    List<Effect> subscribes(String device, long connection, String... filters) {
        return effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin(device, connection))
                        .setSubscribe(subscribe(filters).setAttachAll(true)));
    }

    static Subscribe.Builder subscribe(String... filters) {
        Subscribe.Builder subscribe = Subscribe.newBuilder();
        for (String filter : filters) {
            subscribe.addSubscriptions(
                    Subscription.newBuilder().setFilter(filter).setQos(1));
        }
        return subscribe;
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

    /** With a session that lasts for an hour. */
    List<Presence> connected(String device, long connection) {
        return told(connects(origin(device, connection), HOUR));
    }

    /** @param expirySeconds how long the session outlives the connection */
    List<Effect> connects(Origin origin, int expirySeconds) {
        return effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin)
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(expirySeconds)));
    }

    /** What the connection gets told of its session. */
    static List<SessionOpened> opened(List<Effect> effects) {
        return deliveries(effects)
                .filter(Delivery::hasSessionOpened)
                .map(Delivery::getSessionOpened)
                .toList();
    }

    /** The connections that are closed, and why. */
    static List<String> closed(List<Effect> effects) {
        return deliveries(effects)
                .filter(Delivery::hasClose)
                .map(delivery -> delivery.getClose().getConnection() + " "
                        + delivery.getClose().getReason())
                .toList();
    }

    private static Stream<Delivery> deliveries(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery());
    }

    /** The conversations that are told something, and what. */
    static Map<String, ConversationCommand> toConversations(
            List<Effect> effects, Predicate<ConversationCommand> ofKind) {
        Map<String, ConversationCommand> told = new TreeMap<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.TellConversation tell && ofKind.test(tell.command())) {
                assertThat(told.put(tell.conversation().value(), tell.command()))
                        .as("once to each")
                        .isNull();
            }
        }
        return told;
    }

    /** The end of a connection with all that DISCONNECT can say. */
    List<Effect> disconnects(Origin origin, DeviceDisconnected.Builder end) {
        return effects("ann", UserCommand.newBuilder().setOrigin(origin).setDeviceDisconnected(end));
    }

    List<Presence> disconnected(String device, long connection) {
        return run(UserCommand.newBuilder()
                .setOrigin(origin(device, connection))
                .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance()));
    }

    void alive(Node node) {
        heard(node);
    }

    /** A heartbeat. Whether the node is told that it was not known. */
    boolean heard(Node node) {
        UserCommand.Builder alive =
                UserCommand.newBuilder().setNodeAlive(NodeAlive.newBuilder().setNode(node));
        List<Effect> effects = effects(LogTopics.ALL_USERS, alive);
        assertThat(told(effects)).isEmpty();
        return effects.stream()
                .anyMatch(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.slot() == node.getSlot()
                        && deliver.delivery().getEpoch() == node.getEpoch()
                        && deliver.delivery().hasNodeHeard());
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
        logic = new UserLogic(new UserRules(GRACE_MILLIS, UserLimits.defaults()), new Refusals());
    }

    /** What is told in that time, a tick a second. */
    List<Presence> after(int seconds) {
        return told(ticks(seconds));
    }

    /** What follows from time alone, a tick a second. */
    List<Effect> ticks(int seconds) {
        List<Effect> effects = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            nowMillis += SECOND;
            effects.addAll(logic.tick(nowMillis, rows));
        }
        return effects;
    }

    static List<Presence> told(List<Effect> effects) {
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
