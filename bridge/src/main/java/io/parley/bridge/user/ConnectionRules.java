package io.parley.bridge.user;

import static io.parley.bridge.Replies.refusal;
import static io.parley.bridge.user.Connections.attach;
import static io.parley.bridge.user.Connections.deliver;
import static io.parley.bridge.user.Connections.device;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.isLost;
import static io.parley.bridge.user.Connections.isSame;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.protocol.ConversationId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.DeviceSummary;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How a user's devices come and go, what they want of all conversations, and that one connection of each is left. */
final class ConnectionRules {
    /** The most devices of a user. */
    static final int MAX_DEVICES = 20;

    private final PresenceRules presence;

    ConnectionRules(PresenceRules presence) {
        this.presence = presence;
    }

    UserDecision connected(UserState state, Origin origin, DeviceConnected connected, long nowMillis) {
        UserDecision decision = UserDecision.none();
        Device before = state.devices().get(origin.getDevice());
        if (before == null && state.devices().size() >= MAX_DEVICES) {
            return decision.and(
                    close(state.id(), origin.getDevice(), device(origin, nowMillis), Reason.TOO_MANY_DEVICES));
        }
        if (before != null && isConnected(before) && !isSame(before, origin)) {
            decision.and(close(state.id(), origin.getDevice(), before, Reason.TAKEN_OVER));
        }
        Device now = device(origin, nowMillis).toBuilder()
                .setFollows(before != null && before.getFollows())
                .setStartsAnew(connected.getCleanStart())
                .build();
        decision.and(new UserChange.DeviceSeen(origin.getDevice(), now));
        return presence.here(decision, state, nowMillis);
    }

    UserDecision disconnected(UserState state, Origin origin, long nowMillis) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        return gone(UserDecision.none(), state, Map.of(origin.getDevice(), before), nowMillis);
    }

    /** Devices of that life of the node, and of those before, are gone, whatever it could still say. */
    UserDecision nodeGone(UserState state, Node node, long nowMillis) {
        Map<String, Device> lost = new TreeMap<>(state.devices());
        lost.values().removeIf(device -> !isLost(device, node));
        return lost.isEmpty() ? UserDecision.none() : gone(UserDecision.none(), state, lost, nowMillis);
    }

    private UserDecision gone(UserDecision decision, UserState state, Map<String, Device> gone, long nowMillis) {
        gone.forEach((name, device) -> decision.and(new UserChange.DeviceSeen(
                name,
                Device.newBuilder()
                        .setSeenMillis(nowMillis)
                        .setFollows(device.getFollows())
                        .build())));
        boolean others = state.devices().entrySet().stream()
                .anyMatch(entry -> isConnected(entry.getValue()) && !gone.containsKey(entry.getKey()));
        return others ? decision : presence.leaving(decision, state, nowMillis);
    }

    UserDecision attachAll(UserState state, Origin origin, Attach attach, long nowMillis) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        Attach wildcard = attach.toBuilder().setWildcard(true).build();
        Device device = before.toBuilder()
                .setSeenMillis(nowMillis)
                .setWildcard(wildcard.toBuilder().setCleanStart(false))
                .setFollows(follows(before, attach))
                .build();
        UserDecision decision = UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), device));
        for (ConversationId conversation : state.conversations()) {
            decision.and(attach(conversation, origin, wildcard));
        }
        if (attach.getCleanStart()) {
            attaching(state, device).forEach(decision::and);
        }
        return decision;
    }

    /** The node answers the device when all of these have answered: what is sequenced from then on is not skipped. */
    private static List<Effect> attaching(UserState state, Device device) {
        List<String> conversations =
                state.conversations().stream().map(ConversationId::value).toList();
        List<Effect> effects = new ArrayList<>();
        Iterator<List<String>> parts =
                RecordLimit.parts(conversations, String::length).iterator();
        do {
            AttachingAll.Builder all = AttachingAll.newBuilder()
                    .setConnection(device.getConnection())
                    .addAllConversations(parts.hasNext() ? parts.next() : List.of())
                    .setMore(parts.hasNext());
            effects.add(deliver(state.id(), device, Delivery.newBuilder().setAttachingAll(all)));
        } while (parts.hasNext());
        return effects;
    }

    /** Who wants signals only, follows as before, unless it just ended its wish for messages. */
    private static boolean follows(Device before, Attach attach) {
        return attach.getRightsOnly()
                ? before.getFollows() && !Connections.wantsMessages(before)
                : !before.getStartsAnew();
    }

    UserDecision detachAll(UserState state, Origin origin, long nowMillis) {
        Device before = state.devices().get(origin.getDevice());
        if (before == null || !isSame(before, origin)) {
            return UserDecision.none();
        }
        Device now = before.toBuilder()
                .setSeenMillis(nowMillis)
                .clearWildcard()
                .clearFollows()
                .build();
        return UserDecision.none().and(new UserChange.DeviceSeen(origin.getDevice(), now));
    }

    UserDecision list(UserState state, UserCommand command) {
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

    UserDecision remove(UserState state, UserCommand command, long nowMillis) {
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

    /** The user is nobody any more: connections end, and each conversation is told. */
    UserDecision erase(UserState state, EraseUser command) {
        ConversationCommand erase = ConversationCommand.newBuilder()
                .setEraseMember(EraseMember.newBuilder().setUser(state.id().value()))
                .build();
        if (command.getMore()) {
            // Those that the user is in are erased with the last part: each conversation is told once.
            UserDecision part = UserDecision.none();
            command.getConversationsList().stream()
                    .map(ConversationId::parse)
                    .filter(conversation -> !state.isIn(conversation))
                    .forEach(conversation -> part.and(new Effect.TellConversation(conversation, erase)));
            return part;
        }
        UserDecision decision = UserDecision.none().and(new UserChange.Erased());
        state.devices().forEach((name, device) -> {
            if (isConnected(device)) {
                decision.and(close(state.id(), name, device, Reason.REMOVED));
            }
        });
        Set<ConversationId> conversations = new LinkedHashSet<>(state.conversations());
        command.getConversationsList().forEach(id -> conversations.add(ConversationId.parse(id)));
        conversations.forEach(conversation -> decision.and(new Effect.TellConversation(conversation, erase)));
        // Where nothing was said yet, nothing is erased, and the block would outlast who set it.
        for (String other : state.blocked().getUsersList()) {
            decision.and(new Effect.TellConversation(
                    ConversationId.direct(state.id(), UserId.parse(other)),
                    UserRules.blockChanged(state, false, List.of(other))));
        }
        return decision;
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
}
