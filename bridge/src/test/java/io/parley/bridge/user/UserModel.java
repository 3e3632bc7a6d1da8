package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.SetPrivacy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A user told by the commands alone: which connection each device has, what it wants, and what conversations were told of the user. */
final class UserModel {
    /** A device; without a connection it is away. */
    private record Device(@Nullable Origin connection, boolean wildcard) {}

    private final long graceMillis;
    private final Map<String, Device> devices = new TreeMap<>();
    private final Set<ConversationId> conversations = new HashSet<>();
    private final Map<ConversationId, Boolean> toldOnline = new HashMap<>();
    private final Map<ConversationId, Set<String>> toldBlocked = new HashMap<>();
    private final Set<String> blocked = new HashSet<>();
    private boolean hidden;
    private boolean online;
    private long goneMillis;

    UserModel(long graceMillis) {
        this.graceMillis = graceMillis;
    }

    /** Takes a command and what it brought about, and fails if that should not be. */
    void take(UserCommand command, List<Effect> effects, long nowMillis) {
        List<String> attached = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.TellConversation tell) {
                heard(tell.conversation(), tell.command(), attached);
            } else if (effect instanceof Effect.Deliver deliver
                    && deliver.delivery().hasClose()) {
                CloseConnection close = deliver.delivery().getClose();
                closed.add(deliver.slot() + " " + close.getDevice() + " " + close.getConnection());
            }
        }
        List<String> toAttach = new ArrayList<>();
        List<String> toClose = new ArrayList<>();
        boolean before = isConnected();
        follow(command, toAttach, toClose);
        if (before && !isConnected()) {
            goneMillis = nowMillis;
        }
        // That the grace is over is seen when it is asked for.
        online = isConnected() || (online && !(command.hasGraceOver() && nowMillis >= goneMillis + graceMillis));
        online = online && !command.hasEraseUser();
        assertThat(attached).as("attached").containsExactlyInAnyOrderElementsOf(toAttach);
        assertThat(closed).as("closed").containsExactlyInAnyOrderElementsOf(toClose);
    }

    private void follow(UserCommand command, List<String> toAttach, List<String> toClose) {
        Origin origin = command.getOrigin();
        Device device = devices.get(origin.getDevice());
        boolean own = device != null && origin.equals(device.connection());
        switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> connected(origin, device, toClose);
            case DEVICE_DISCONNECTED -> {
                if (own) {
                    devices.put(origin.getDevice(), new Device(null, false));
                }
            }
            case ATTACH_ALL -> {
                if (own) {
                    devices.put(origin.getDevice(), new Device(origin, true));
                    conversations.forEach(conversation -> toAttach.add(attach(conversation, origin)));
                }
            }
            case DETACH_ALL -> {
                if (own) {
                    devices.put(origin.getDevice(), new Device(origin, false));
                }
            }
            case NODE_GONE -> nodeGone(command.getNodeGone().getNode());
            case JOINED_CONVERSATION -> {
                ConversationId joined =
                        ConversationId.parse(command.getJoinedConversation().getConversation());
                conversations.add(joined);
                devices.values().stream()
                        .filter(Device::wildcard)
                        .forEach(one -> toAttach.add(attach(joined, one.connection())));
            }
            case LEFT_CONVERSATION -> {
                ConversationId left =
                        ConversationId.parse(command.getLeftConversation().getConversation());
                conversations.remove(left);
                toldOnline.remove(left);
                toldBlocked.remove(left);
            }
            case REMOVE_DEVICE -> close(devices.remove(command.getRemoveDevice().getDevice()), toClose);
            case ERASE_USER -> erase(toClose);
            case SET_PRIVACY -> {
                SetPrivacy wish = command.getSetPrivacy();
                hidden = wish.hasPresence() ? !wish.getPresence() : hidden;
            }
            case BLOCK -> blocked.add(command.getBlock().getUser());
            case UNBLOCK -> blocked.remove(command.getUnblock().getUser());
            default -> {}
        }
    }

    private void connected(Origin origin, @Nullable Device before, List<String> toClose) {
        if (before == null && devices.size() >= ConnectionRules.MAX_DEVICES) {
            toClose.add(closing(origin));
            return;
        }
        if (before != null && !origin.equals(before.connection())) {
            close(before, toClose);
        }
        devices.put(origin.getDevice(), new Device(origin, false));
    }

    private void nodeGone(Node node) {
        devices.replaceAll((name, device) -> {
            Origin at = device.connection();
            boolean lost = at != null
                    && at.getNode().getSlot() == node.getSlot()
                    && at.getNode().getEpoch() <= node.getEpoch();
            return lost ? new Device(null, false) : device;
        });
    }

    /** Of two it stays a conversation of the user's name, and hears no more that they are there. */
    private void erase(List<String> toClose) {
        devices.values().forEach(device -> close(device, toClose));
        devices.clear();
        conversations.removeIf(conversation -> !conversation.isDirect());
        toldOnline.clear();
        toldBlocked.keySet().removeIf(conversation -> !conversation.isDirect());
        blocked.clear();
        hidden = false;
    }

    private static void close(@Nullable Device device, List<String> toClose) {
        if (device != null && device.connection() != null) {
            toClose.add(closing(device.connection()));
        }
    }

    private static String closing(Origin origin) {
        return origin.getNode().getSlot() + " " + origin.getDevice() + " " + origin.getConnection();
    }

    private static String attach(ConversationId conversation, @Nullable Origin origin) {
        return conversation + " " + (origin == null ? "nobody" : closing(origin));
    }

    private void heard(ConversationId conversation, ConversationCommand command, List<String> attached) {
        if (command.hasAttach()) {
            attached.add(attach(conversation, command.getOrigin()));
        } else if (command.hasPresenceChanged()) {
            Presence presence = command.getPresenceChanged().getPresence();
            toldOnline.put(conversation, presence.getOnline());
        } else if (command.hasBlockChanged()) {
            Set<String> users = toldBlocked.computeIfAbsent(conversation, key -> new HashSet<>());
            List<String> named = command.getBlockChanged().getUsersList();
            boolean unused = command.getBlockChanged().getBlocked() ? users.addAll(named) : users.removeAll(named);
        }
    }

    private boolean isConnected() {
        return devices.values().stream().anyMatch(device -> device.connection() != null);
    }

    /** Fails unless the state holds what was said, and each conversation was told it. */
    void matches(UserState state) {
        assertThat(state.devices().keySet()).isEqualTo(devices.keySet()).hasSizeLessThanOrEqualTo(20);
        state.devices().forEach((name, device) -> {
            Device known = devices.getOrDefault(name, new Device(null, false));
            Origin connection = known.connection();
            assertThat(Connections.isConnected(device)).isEqualTo(connection != null);
            assertThat(connection == null || Connections.isSame(device, connection))
                    .as("the device's last connection")
                    .isTrue();
            assertThat(device.hasWildcard()).isEqualTo(known.wildcard());
        });
        assertThat(state.conversations()).containsExactlyInAnyOrderElementsOf(conversations);
        assertThat(state.blocked().getUsersList()).containsExactlyInAnyOrderElementsOf(blocked);
        for (ConversationId conversation : conversations) {
            assertThat(toldOnline.getOrDefault(conversation, false))
                    .as("what " + conversation + " was told of the user's presence")
                    .isEqualTo(online && !hidden);
            if (!conversation.isDirect()) {
                assertThat(toldBlocked.getOrDefault(conversation, Set.of())).isEqualTo(blocked);
            }
        }
        toldBlocked.forEach((conversation, users) -> {
            if (conversation.isDirect()) {
                assertThat(users).allMatch(blocked::contains).hasSizeLessThanOrEqualTo(1);
            }
        });
        blocked.forEach(user -> assertThat(
                        toldBlocked.get(ConversationId.direct(state.id(), io.parley.protocol.UserId.parse(user))))
                .as("the conversation of the two knows the block")
                .contains(user));
    }
}
