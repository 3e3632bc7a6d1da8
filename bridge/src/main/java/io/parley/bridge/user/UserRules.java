package io.parley.bridge.user;

import static io.parley.bridge.Replies.refusal;

import com.google.common.hash.Hashing;
import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequest;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Users;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Added;
import io.parley.protocol.wire.DeviceSummary;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Removed;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides what follows from a command to a user. The same state, command and time give the same decision. */
public final class UserRules {
    private static final int REMEMBERED_GROUP_REQUESTS = 32;
    private static final long GROUP_REQUEST_WINDOW_SECONDS = 600;
    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_DEVICES = 20;
    private static final int MAX_BLOCKED = 1000;

    private final PresenceRules presence;

    /** @param graceMillis a user is offline when no device has been connected for so long */
    public UserRules(long graceMillis) {
        this.presence = new PresenceRules(graceMillis);
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        return switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> connected(state, origin, nowMillis);
            case DEVICE_DISCONNECTED -> disconnected(state, origin, nowMillis);
            case ATTACH_ALL -> attachAll(state, origin, command.getAttachAll().getAttach(), nowMillis);
            case DETACH_ALL -> detachAll(state, origin, nowMillis);
            case NODE_GONE -> nodeGone(state, command.getNodeGone().getNode(), nowMillis);
            case GRACE_OVER -> presence.graceOver(state, nowMillis);
            case SET_PRIVACY -> presence.privacy(state, command);
            case BLOCK -> block(state, command, command.getBlock().getUser(), true);
            case UNBLOCK -> block(state, command, command.getUnblock().getUser(), false);
            case LIST_DEVICES -> listDevices(state, command);
            case REMOVE_DEVICE -> removeDevice(state, command, nowMillis);
            case JOINED_CONVERSATION -> joined(state, command);
            case LEFT_CONVERSATION -> left(state, command);
            case OPEN_GROUP -> openGroup(state, command, nowMillis / 1000);
            default -> throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        };
    }

    private UserDecision connected(UserState state, Origin origin, long nowMillis) {
        UserDecision decision = UserDecision.none();
        Device before = state.devices().get(origin.getDevice());
        if (before == null && state.devices().size() >= MAX_DEVICES) {
            return decision.and(
                    close(state.id(), origin.getDevice(), device(origin, nowMillis), Reason.TOO_MANY_DEVICES));
        }
        if (before != null && isConnected(before) && !isSame(before, origin)) {
            decision.and(close(state.id(), origin.getDevice(), before, Reason.TAKEN_OVER));
        }
        decision.and(new UserChange.DeviceSeen(origin.getDevice(), device(origin, nowMillis)));
        return presence.here(decision, state, nowMillis);
    }

    private UserDecision disconnected(UserState state, Origin origin, long nowMillis) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        return gone(UserDecision.none(), state, Map.of(origin.getDevice(), before), nowMillis);
    }

    /** Devices of that life of the node, and of those before, are gone, whatever it could still say. */
    private UserDecision nodeGone(UserState state, Node node, long nowMillis) {
        Map<String, Device> lost = new TreeMap<>(state.devices());
        lost.values().removeIf(device -> !isLost(device, node));
        return lost.isEmpty() ? UserDecision.none() : gone(UserDecision.none(), state, lost, nowMillis);
    }

    private UserDecision gone(UserDecision decision, UserState state, Map<String, Device> gone, long nowMillis) {
        gone.forEach((name, device) -> decision.and(new UserChange.DeviceSeen(
                name, Device.newBuilder().setSeenMillis(nowMillis).build())));
        boolean others = state.devices().entrySet().stream()
                .anyMatch(entry -> isConnected(entry.getValue()) && !gone.containsKey(entry.getKey()));
        return others ? decision : presence.leaving(decision, state, nowMillis);
    }

    private static UserDecision attachAll(UserState state, Origin origin, Attach attach, long nowMillis) {
        if (!state.devices().containsKey(origin.getDevice()) && state.devices().size() >= MAX_DEVICES) {
            return UserDecision.none();
        }
        Attach wildcard = attach.toBuilder().setWildcard(true).build();
        Device device = device(origin, nowMillis).toBuilder()
                .setWildcard(wildcard.toBuilder().setCleanStart(false))
                .build();
        UserDecision decision = UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), device));
        for (ConversationId conversation : state.conversations()) {
            decision.and(attach(conversation, origin, wildcard));
        }
        return decision;
    }

    private static UserDecision detachAll(UserState state, Origin origin, long nowMillis) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        return UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), device(origin, nowMillis)));
    }

    private static UserDecision listDevices(UserState state, UserCommand command) {
        Reply.Builder reply = Reply.newBuilder().setRequestId(command.getRequestId());
        state.devices().forEach((name, device) -> {
            DeviceSummary.Builder summary =
                    DeviceSummary.newBuilder().setDevice(name).setOnline(isConnected(device));
            if (!isConnected(device)) {
                summary.setLastSeen(Timestamps.fromMillis(device.getSeenMillis()));
            }
            reply.addDevices(summary);
        });
        return UserDecision.none().and(Replies.to(command.getOrigin(), reply));
    }

    private UserDecision removeDevice(UserState state, UserCommand command, long nowMillis) {
        String name = command.getRemoveDevice().getDevice();
        Device device = state.devices().get(name);
        if (device == null) {
            return UserDecision.none()
                    .and(Replies.error(
                            command.getOrigin(),
                            command.getRequestId(),
                            refusal(ErrorCode.NOT_FOUND, "you have no device " + name)));
        }
        UserDecision decision = isConnected(device)
                ? gone(UserDecision.none(), state, Map.of(name, device), nowMillis)
                        .and(close(state.id(), name, device, Reason.REMOVED))
                : UserDecision.none();
        decision.and(new UserChange.DeviceRemoved(name));
        ConversationCommand forget = ConversationCommand.newBuilder()
                .setForgetDevice(
                        ForgetDevice.newBuilder().setUser(state.id().value()).setDevice(name))
                .build();
        state.conversations().forEach(conversation -> decision.and(new Effect.TellConversation(conversation, forget)));
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    private static UserDecision block(UserState state, UserCommand command, String other, boolean blocked) {
        TreeSet<String> users = new TreeSet<>(state.blocked().getUsersList());
        boolean self = other.equals(state.id().value());
        if (!UserId.isValid(other) || self || (blocked && users.size() >= MAX_BLOCKED && !users.contains(other))) {
            return UserDecision.none()
                    .and(Replies.error(
                            command.getOrigin(),
                            command.getRequestId(),
                            refusal(
                                    ErrorCode.BAD_REQUEST,
                                    "name another user; at most " + MAX_BLOCKED + " can be blocked")));
        }
        UserDecision decision = UserDecision.none();
        if (blocked ? users.add(other) : users.remove(other)) {
            ConversationCommand changed = ConversationCommand.newBuilder()
                    .setBlockChanged(
                            BlockChanged.newBuilder().setBy(state.id().value()).setBlocked(blocked))
                    .build();
            decision.and(new UserChange.BlockedSet(
                            Users.newBuilder().addAllUsers(users).build()))
                    .and(new Effect.TellConversation(ConversationId.direct(state.id(), UserId.parse(other)), changed));
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    private static Effect close(UserId user, String name, Device device, Reason reason) {
        return deliver(
                user,
                device,
                Delivery.newBuilder()
                        .setClose(CloseConnection.newBuilder()
                                .setUser(user.value())
                                .setDevice(name)
                                .setConnection(device.getConnection())
                                .setReason(reason)));
    }

    private UserDecision joined(UserState state, UserCommand command) {
        ConversationId conversation =
                ConversationId.parse(command.getJoinedConversation().getConversation());
        String by = command.getJoinedConversation().getBy();
        UserDecision decision = UserDecision.none()
                .and(new UserChange.Joined(
                        conversation, command.getJoinedConversation().getSeq()));
        boolean news = !conversation.isDirect() && !by.equals(state.id().value());
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            Device device = entry.getValue();
            if (!isConnected(device)) {
                continue;
            }
            if (device.hasWildcard()) {
                decision.and(attach(conversation, origin(state.id(), entry.getKey(), device), device.getWildcard()));
            }
            if (news) {
                Reply.Builder added = Reply.newBuilder()
                        .setAdded(Added.newBuilder()
                                .setConversation(conversation.value())
                                .setBy(by));
                decision.and(tell(state.id(), entry.getKey(), device, added));
            }
        }
        return presence.introduce(decision, state, conversation);
    }

    private static UserDecision left(UserState state, UserCommand command) {
        ConversationId conversation =
                ConversationId.parse(command.getLeftConversation().getConversation());
        String by = command.getLeftConversation().getBy();
        UserDecision decision = UserDecision.none().and(new UserChange.Left(conversation));
        if (!by.equals(state.id().value())) {
            Reply.Builder removed = Reply.newBuilder()
                    .setRemoved(Removed.newBuilder()
                            .setConversation(conversation.value())
                            .setBy(by));
            state.devices().forEach((name, device) -> {
                if (isConnected(device)) {
                    decision.and(tell(state.id(), name, device, removed));
                }
            });
        }
        return decision;
    }

    private static UserDecision openGroup(UserState state, UserCommand command, long nowSeconds) {
        OpenGroup open = command.getOpenGroup();
        boolean valid = open.getGroup().getName().length() <= MAX_NAME_LENGTH
                && open.getGroup().getMembersList().stream().allMatch(UserId::isValid);
        if (!valid) {
            return UserDecision.none()
                    .and(Replies.error(
                            command.getOrigin(),
                            command.getRequestId(),
                            refusal(
                                    ErrorCode.BAD_REQUEST,
                                    "a group has a name of at most " + MAX_NAME_LENGTH
                                            + " characters, and valid user ids as members")));
        }
        long hash = Hashing.sipHash24()
                .newHasher()
                .putString(command.getRequestId(), StandardCharsets.UTF_8)
                .putInt(0)
                .putBytes(open.getGroup().toByteArray())
                .hash()
                .asLong();
        GroupRequests.Builder remembered = GroupRequests.newBuilder();
        for (GroupRequest request : state.groupRequests().getRequestsList()) {
            boolean recent = nowSeconds - request.getAtSeconds() <= GROUP_REQUEST_WINDOW_SECONDS;
            if (recent && request.getHash() == hash && !command.getRequestId().isEmpty()) {
                // The same request came again (a DUP, a reconnect): the answer is the group that it made.
                return UserDecision.none()
                        .and(Replies.to(
                                command.getOrigin(),
                                Reply.newBuilder()
                                        .setRequestId(command.getRequestId())
                                        .setConversation(request.getConversation())));
            }
            if (recent) {
                remembered.addRequests(request);
            }
        }
        if (remembered.getRequestsCount() >= REMEMBERED_GROUP_REQUESTS) {
            remembered.removeRequests(0);
        }
        remembered.addRequests(GroupRequest.newBuilder()
                .setHash(hash)
                .setConversation(open.getConversation())
                .setAtSeconds((int) nowSeconds));
        return UserDecision.none()
                .and(new UserChange.GroupRequested(remembered.build()))
                .and(new Effect.TellConversation(
                        ConversationId.parse(open.getConversation()),
                        ConversationCommand.newBuilder()
                                .setOrigin(command.getOrigin())
                                .setRequestId(command.getRequestId())
                                .setCreateGroup(open.getGroup())
                                .build()));
    }

    private static Effect attach(ConversationId conversation, Origin origin, Attach attach) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(origin)
                        .setAttach(attach)
                        .build());
    }

    private static Effect tell(UserId user, String name, Device device, Reply.Builder reply) {
        return deliver(
                user,
                device,
                Delivery.newBuilder()
                        .setReply(ReplyDelivery.newBuilder()
                                .setUser(user.value())
                                .setDevice(name)
                                .setConnection(device.getConnection())
                                .setReply(reply)));
    }

    private static Effect deliver(UserId user, Device device, Delivery.Builder delivery) {
        return new Effect.Deliver(
                device.getSlot(),
                user.value(),
                delivery.setEpoch(device.getEpoch()).build());
    }

    private static boolean isSame(Device device, Origin origin) {
        return device.getSlot() == origin.getNode().getSlot()
                && device.getEpoch() == origin.getNode().getEpoch()
                && device.getConnection() == origin.getConnection();
    }

    private static boolean isConnected(Device device) {
        return device.getConnection() != 0;
    }

    /** Whether the device's connection was of that life of the node, or of one before. */
    static boolean isLost(Device device, Node node) {
        return isConnected(device) && device.getSlot() == node.getSlot() && device.getEpoch() <= node.getEpoch();
    }

    private static Device device(Origin origin, long nowMillis) {
        return Device.newBuilder()
                .setSeenMillis(nowMillis)
                .setSlot(origin.getNode().getSlot())
                .setEpoch(origin.getNode().getEpoch())
                .setConnection(origin.getConnection())
                .build();
    }

    private static Origin origin(UserId user, String name, Device device) {
        return Origin.newBuilder()
                .setUser(user.value())
                .setDevice(name)
                .setConnection(device.getConnection())
                .setNode(Node.newBuilder().setSlot(device.getSlot()).setEpoch(device.getEpoch()))
                .build();
    }
}
