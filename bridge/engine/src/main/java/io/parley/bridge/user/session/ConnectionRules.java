package io.parley.bridge.user.session;

import static io.parley.bridge.user.Connections.close;
import static io.parley.bridge.user.Connections.device;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.isLost;
import static io.parley.bridge.user.Connections.isSame;
import static io.parley.bridge.user.Sessions.isOver;
import static io.parley.bridge.user.Sessions.left;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.Newcomer;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.presence.PresenceRules;
import io.parley.bridge.user.revocation.RevocationRules;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand.CommandCase;
import org.jspecify.annotations.Nullable;

/**
 * Which connection gets a device's session. There is one at a time: another that asks for it waits until this one has said its last, which is
 * what its device acknowledged; so it gets nothing that its device has. {@link DepartureRules} gives it the session.
 */
public final class ConnectionRules implements UserHandlers.Feature {
    /** The most devices of a user. */
    public static final int MAX_DEVICES = 20;

    /** A connection that was told to end, and does not say that it did, is waited for so long. */
    public static final long TAKE_OVER_MILLIS = 3_000;

    private final PresenceRules presence;
    private final SessionRules sessions;

    public ConnectionRules(PresenceRules presence, SessionRules sessions) {
        this.presence = presence;
        this.sessions = sessions;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(
                CommandCase.DEVICE_CONNECTED,
                (state, command, now) -> connected(state, command.getOrigin(), command.getDeviceConnected(), now));
    }

    public UserDecision connected(UserState state, Origin origin, DeviceConnected connected, long nowMillis) {
        UserDecision decision = UserDecision.none();
        String name = origin.getDevice();
        if (RevocationRules.isRevoked(state, connected.getIssuedAtMillis())) {
            return decision.and(close(state.id(), name, device(origin, nowMillis), Reason.TOKEN_REVOKED));
        }
        Device before = state.devices().get(name);
        if (before != null && isSame(before, origin)) {
            decision.and(new UserChange.DeviceSeen(
                    name, before.toBuilder().setSeenMillis(nowMillis).build()));
            return presence.here(decision, state, nowMillis);
        }
        if (before != null && !before.hasNewcomer() && !connected.getAgain() && isOfLifeBefore(before, origin)) {
            before = left(before, true, nowMillis);
        }
        boolean there = before != null && !isOver(before, nowMillis);
        if (!there && others(state, name, nowMillis) >= MAX_DEVICES) {
            return decision.and(close(state.id(), name, device(origin, nowMillis), Reason.TOO_MANY_DEVICES));
        }
        Newcomer newcomer = newcomer(origin, connected, nowMillis);
        // A connection that has no session yet asks for it again as it did before.
        if (connected.getAgain() && origin.getSession() != 0) {
            return again(decision, state, origin, before, newcomer, nowMillis);
        }
        if (before != null && !there) {
            sessions.end(decision, name, before);
            before = null;
        }
        if (before != null && isConnected(before)) {
            return takeOver(decision, state, name, before, newcomer);
        }
        sessions.open(decision, state, name, before, newcomer, nowMillis);
        return presence.here(decision, state, nowMillis);
    }

    /** Whether the node is in a new life: what its life before this one had is lost. */
    private static boolean isOfLifeBefore(Device device, Origin origin) {
        Node node = origin.getNode();
        return isLost(device, node.toBuilder().setEpoch(node.getEpoch() - 1).build());
    }

    private static long others(UserState state, String name, long nowMillis) {
        return state.devices().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name) && !isOver(entry.getValue(), nowMillis))
                .count();
    }

    private static Newcomer newcomer(Origin origin, DeviceConnected connected, long nowMillis) {
        return Newcomer.newBuilder()
                .setSlot(origin.getNode().getSlot())
                .setEpoch(origin.getNode().getEpoch())
                .setConnection(origin.getConnection())
                .setCleanStart(connected.getCleanStart())
                .setExpirySeconds(Sessions.expirySeconds(connected.getExpirySeconds()))
                .setDueMillis(nowMillis + TAKE_OVER_MILLIS)
                .build();
    }

    /** The connection that has the session is told to end, or was; only the newest that asks for it waits. */
    private static UserDecision takeOver(
            UserDecision decision, UserState state, String name, Device before, Newcomer newcomer) {
        Newcomer.Builder waiting = newcomer.toBuilder();
        if (before.hasNewcomer()) {
            Device earlier = device(before.getNewcomer());
            if (isSame(earlier, device(newcomer))) {
                return decision;
            }
            decision.and(close(state.id(), name, earlier, Reason.TAKEN_OVER));
            waiting.setDueMillis(before.getNewcomer().getDueMillis());
        } else {
            decision.and(close(state.id(), name, before, Reason.TAKEN_OVER));
        }
        return decision.and(new UserChange.DeviceSeen(
                name, before.toBuilder().setNewcomer(waiting).build()));
    }

    /** The connection had its session when its node was taken for dead. If another had it since, that one has it. */
    private UserDecision again(
            UserDecision decision,
            UserState state,
            Origin origin,
            @Nullable Device before,
            Newcomer newcomer,
            long nowMillis) {
        String name = origin.getDevice();
        if (before != null && (isConnected(before) || before.getSession() > origin.getSession())) {
            return decision.and(close(state.id(), name, device(newcomer), Reason.TAKEN_OVER));
        }
        boolean same = before != null && before.getSession() == origin.getSession();
        if (before != null && !same) {
            sessions.end(decision, name, before);
        }
        sessions.goOn(decision, state, name, same ? before : null, newcomer, origin.getSession(), nowMillis);
        return presence.here(decision, state, nowMillis);
    }
}
