package io.parley.bridge.user;

import static io.parley.bridge.Replies.refusal;

import com.google.common.hash.Hashing;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequest;
import io.parley.bridge.state.GroupRequests;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Added;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Removed;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Decides what follows from a command to a user. The same state, command and time give the same decision. */
public final class UserRules {
    private static final int REMEMBERED_GROUP_REQUESTS = 32;
    private static final long GROUP_REQUEST_WINDOW_SECONDS = 600;
    private static final int MAX_NAME_LENGTH = 200;

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        return switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> connected(state, origin);
            case DEVICE_DISCONNECTED -> disconnected(state, origin);
            case ATTACH_ALL -> attachAll(state, origin, command.getAttachAll().getCleanStart());
            case DETACH_ALL -> detachAll(state, origin);
            case JOINED_CONVERSATION -> joined(state, command);
            case LEFT_CONVERSATION -> left(state, command);
            case OPEN_GROUP -> openGroup(state, command, nowMillis / 1000);
            default -> throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        };
    }

    private static UserDecision connected(UserState state, Origin origin) {
        UserDecision decision = UserDecision.none();
        Device before = state.devices().get(origin.getDevice());
        if (before != null && !isSame(before, origin)) {
            decision.and(deliver(
                    state.id(),
                    before,
                    Delivery.newBuilder()
                            .setClose(CloseConnection.newBuilder()
                                    .setUser(origin.getUser())
                                    .setDevice(origin.getDevice())
                                    .setConnection(before.getConnection()))));
        }
        return decision.and(new UserChange.DeviceSeen(origin.getDevice(), device(origin)));
    }

    private static UserDecision disconnected(UserState state, Origin origin) {
        Device before = state.devices().get(origin.getDevice());
        return before != null && isSame(before, origin)
                ? UserDecision.none().and(new UserChange.DeviceGone(origin.getDevice()))
                : UserDecision.none();
    }

    private static UserDecision attachAll(UserState state, Origin origin, boolean cleanStart) {
        Device device = device(origin).toBuilder().setWildcard(true).build();
        UserDecision decision = UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), device));
        for (ConversationId conversation : state.conversations()) {
            decision.and(attach(conversation, origin, cleanStart));
        }
        return decision;
    }

    private static UserDecision detachAll(UserState state, Origin origin) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        return UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), device(origin)));
    }

    private static UserDecision joined(UserState state, UserCommand command) {
        ConversationId conversation =
                ConversationId.parse(command.getJoinedConversation().getConversation());
        String by = command.getJoinedConversation().getBy();
        UserDecision decision = UserDecision.none()
                .and(new UserChange.Joined(
                        conversation, command.getJoinedConversation().getSeq()));
        boolean news = !conversation.isDirect() && !by.equals(state.id().value());
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            Device device = entry.getValue();
            if (device.getWildcard()) {
                decision.and(attach(conversation, origin(state.id(), entry.getKey(), device), false));
            }
            if (news) {
                Reply.Builder added = Reply.newBuilder()
                        .setAdded(Added.newBuilder()
                                .setConversation(conversation.value())
                                .setBy(by));
                decision.and(tell(state.id(), entry.getKey(), device, added));
            }
        }
        return decision;
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
            state.devices().forEach((name, device) -> decision.and(tell(state.id(), name, device, removed)));
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

    private static Effect attach(ConversationId conversation, Origin origin, boolean cleanStart) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(origin)
                        .setAttach(Attach.newBuilder().setWildcard(true).setCleanStart(cleanStart))
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

    private static Device device(Origin origin) {
        return Device.newBuilder()
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
