package io.parley.bridge.user;

import static io.parley.bridge.Replies.refusal;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.tell;

import com.google.common.hash.Hashing;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequest;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.Users;
import io.parley.protocol.ConversationId;
import io.parley.protocol.TextLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DrainedConversation;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Added;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Removed;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Decides what follows from a command to a user. The same state, command and time give the same decision. */
public final class UserRules {
    private static final int REMEMBERED_GROUP_REQUESTS = 32;
    private static final long GROUP_REQUEST_WINDOW_SECONDS = 600;
    private static final int MAX_BLOCKED = 1000;

    private final PresenceRules presence;
    private final ConnectionRules connections;
    private final DepartureRules departures;
    private final SubscriptionRules subscriptions = new SubscriptionRules();
    private final InboxRules inbox = new InboxRules();
    private final EndingRules endings = new EndingRules();
    private final DeviceRequests devices;
    private final UserErasure erasure;

    /** @param graceMillis a user is offline when no device has been connected for so long */
    public UserRules(long graceMillis) {
        this.presence = new PresenceRules(graceMillis);
        SessionRules sessions = new SessionRules();
        this.connections = new ConnectionRules(presence, sessions);
        this.departures = new DepartureRules(presence, sessions);
        this.devices = new DeviceRequests(presence, sessions);
        this.erasure = new UserErasure(devices);
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        return switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> connections.connected(state, origin, command.getDeviceConnected(), nowMillis);
            case DEVICE_DISCONNECTED ->
                departures.disconnected(state, origin, command.getDeviceDisconnected(), nowMillis);
            case SUBSCRIBE -> subscriptions.subscribe(state, origin, command.getSubscribe());
            case UNSUBSCRIBE -> subscriptions.unsubscribe(state, origin, command.getUnsubscribe());
            case SESSIONS_OVER -> endings.slice(departures.timeIsOver(state, nowMillis), state);
            case NODE_GONE -> departures.nodeGone(state, command.getNodeGone().getNode(), nowMillis);
            case GRACE_OVER -> presence.graceOver(state, nowMillis);
            case SET_PRIVACY -> presence.privacy(state, command);
            case BLOCK -> block(state, command, command.getBlock().getUser(), true);
            case UNBLOCK -> block(state, command, command.getUnblock().getUser(), false);
            case LIST_DEVICES -> DeviceRequests.list(state, command, nowMillis);
            case LIST_CONVERSATIONS -> ListingRules.list(state, command);
            case REMOVE_DEVICE -> devices.remove(state, command, nowMillis);
            case ERASE_USER -> erasure.erase(state, command.getEraseUser());
            case JOINED_CONVERSATION -> joined(state, command, nowMillis);
            case LEFT_CONVERSATION -> left(state, command);
            case DRAINED_CONVERSATION -> drained(command.getDrainedConversation());
            case WAKE -> inbox.wake(state, command.getWake(), nowMillis);
            case WATCH_PRESENCE -> presence.watch(state, command.getWatchPresence());
            case SETTLED -> inbox.settled(state, origin, command.getSettled());
            case OPEN_GROUP -> openGroup(state, command, nowMillis / 1000);
            default -> throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        };
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
            ConversationCommand changed = blockChanged(state, blocked, List.of(other));
            decision.and(new UserChange.BlockedSet(
                            Users.newBuilder().addAllUsers(users).build()))
                    .and(new Effect.TellConversation(ConversationId.direct(state.id(), UserId.parse(other)), changed));
            state.conversations().stream()
                    .filter(conversation -> !conversation.isDirect())
                    .forEach(group -> decision.and(new Effect.TellConversation(group, changed)));
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    static ConversationCommand blockChanged(UserState state, boolean blocked, List<String> users) {
        return ConversationCommand.newBuilder()
                .setBlockChanged(BlockChanged.newBuilder()
                        .setBy(state.id().value())
                        .setBlocked(blocked)
                        .addAllUsers(users))
                .build();
    }

    private UserDecision joined(UserState state, UserCommand command, long nowMillis) {
        ConversationId conversation =
                ConversationId.parse(command.getJoinedConversation().getConversation());
        String by = command.getJoinedConversation().getBy();
        UserDecision decision = UserDecision.none()
                .and(new UserChange.Joined(
                        conversation, command.getJoinedConversation().getSeq()))
                .and(new UserChange.ConversationMoved(
                        conversation,
                        Moved.newBuilder()
                                .setTold(command.getJoinedConversation().getSeq())
                                .build()));
        boolean news = !conversation.isDirect() && !by.equals(state.id().value());
        List<String> blocked = state.blocked().getUsersList();
        if (!conversation.isDirect() && !blocked.isEmpty()) {
            // Before anything is shown to or of the user there.
            decision.and(new Effect.TellConversation(conversation, blockChanged(state, true, blocked)));
        }
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            Device device = entry.getValue();
            if (!Sessions.isOver(device, nowMillis)) {
                Attaching.joined(decision, state, entry.getKey(), device, conversation);
            }
            if (news && isConnected(device)) {
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
        UserDecision decision = UserDecision.none()
                .and(
                        command.getLeftConversation().getOwed()
                                ? new UserChange.Departed(conversation)
                                : new UserChange.Left(conversation));
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

    private static UserDecision drained(DrainedConversation drained) {
        return UserDecision.none().and(new UserChange.Drained(ConversationId.parse(drained.getConversation())));
    }

    private static UserDecision openGroup(UserState state, UserCommand command, long nowSeconds) {
        OpenGroup open = command.getOpenGroup();
        if (!TextLimit.GROUP_NAME.allows(open.getGroup().getName())) {
            return refused(command, TextLimit.GROUP_NAME.exceeded());
        }
        if (!open.getGroup().getMembersList().stream().allMatch(UserId::isValid)) {
            return refused(command, "members are user ids: 1-64 of [a-z0-9_.-]");
        }
        long hash = hash(command);
        GroupRequests.Builder remembered = GroupRequests.newBuilder();
        for (GroupRequest request : state.groupRequests().getRequestsList()) {
            boolean recent = nowSeconds - request.getAtSeconds() <= GROUP_REQUEST_WINDOW_SECONDS;
            if (recent && request.getHash() == hash && !command.getRequestId().isEmpty()) {
                // The same request came again (a DUP, a reconnect): it is about the same group, which answers what is
                // true of it now.
                return UserDecision.none().and(create(command, request.getConversation()));
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
                .and(create(command, open.getConversation()));
    }

    private static UserDecision refused(UserCommand command, String reason) {
        return UserDecision.none()
                .and(Replies.error(
                        command.getOrigin(), command.getRequestId(), refusal(ErrorCode.BAD_REQUEST, reason)));
    }

    /** A request id is one device's: two devices may choose the same. No name of a device contains the zero. */
    private static long hash(UserCommand command) {
        return Hashing.sipHash24()
                .newHasher()
                .putString(command.getOrigin().getDevice(), StandardCharsets.UTF_8)
                .putByte((byte) 0)
                .putString(command.getRequestId(), StandardCharsets.UTF_8)
                .putInt(0)
                .putBytes(command.getOpenGroup().getGroup().toByteArray())
                .hash()
                .asLong();
    }

    private static Effect create(UserCommand command, String conversation) {
        return new Effect.TellConversation(
                ConversationId.parse(conversation),
                ConversationCommand.newBuilder()
                        .setOrigin(command.getOrigin())
                        .setRequestId(command.getRequestId())
                        .setCreateGroup(command.getOpenGroup().getGroup())
                        .build());
    }
}
