package io.parley.bridge.user.session;

import static io.parley.bridge.user.Connections.device;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.isLost;
import static io.parley.bridge.user.Connections.isSame;
import static io.parley.bridge.user.Sessions.isOver;
import static io.parley.bridge.user.Sessions.left;

import io.parley.bridge.state.Device;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.presence.PresenceRules;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.Map;
import java.util.TreeMap;

/** How connections end, and what becomes of their sessions: who waits for one gets it; without anybody it lasts for a while, or is over. */
public final class DepartureRules implements UserHandlers.Feature {
    private final PresenceRules presence;
    private final SessionRules sessions;

    public DepartureRules(PresenceRules presence, SessionRules sessions) {
        this.presence = presence;
        this.sessions = sessions;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(
                        CommandCase.DEVICE_DISCONNECTED,
                        (state, command, now) ->
                                disconnected(state, command.getOrigin(), command.getDeviceDisconnected(), now))
                .on(
                        CommandCase.NODE_GONE,
                        (state, command, now) ->
                                nodeGone(state, command.getNodeGone().getNode(), now));
    }

    public UserDecision disconnected(UserState state, Origin origin, DeviceDisconnected disconnected, long nowMillis) {
        String name = origin.getDevice();
        Device before = state.devices().get(name);
        if (before == null) {
            return UserDecision.none();
        }
        if (before.hasNewcomer() && isSame(device(before.getNewcomer()), origin)) {
            return UserDecision.none()
                    .and(new UserChange.DeviceSeen(
                            name, before.toBuilder().clearNewcomer().build()));
        }
        if (!isSame(before, origin)) {
            return UserDecision.none();
        }
        // MQTT 5: what was to end with the connection cannot be made to outlive it.
        boolean other = disconnected.hasExpirySeconds() && !Sessions.isTransient(before);
        Device device = other
                ? before.toBuilder()
                        .setExpirySeconds(Sessions.expirySeconds(disconnected.getExpirySeconds()))
                        .build()
                : before;
        return gone(
                UserDecision.none(),
                state,
                Map.of(name, left(device, disconnected.getIncomplete(), nowMillis)),
                nowMillis);
    }

    /** Devices of that life of the node, and of those before, are gone, whatever it could still say. */
    public UserDecision nodeGone(UserState state, Node node, long nowMillis) {
        UserDecision decision = UserDecision.none();
        Map<String, Device> gone = new TreeMap<>();
        state.devices().forEach((name, device) -> {
            boolean waiting = device.hasNewcomer() && isLost(device(device.getNewcomer()), node);
            Device rest = waiting ? device.toBuilder().clearNewcomer().build() : device;
            if (isLost(device, node)) {
                gone.put(name, left(rest, true, nowMillis));
            } else if (waiting) {
                decision.and(new UserChange.DeviceSeen(name, rest));
            }
        });
        return gone(decision, state, gone, nowMillis);
    }

    /** Sessions whose time is over end, and who waited long enough for another connection's end waits no longer. */
    public UserDecision timeIsOver(UserState state, long nowMillis) {
        UserDecision decision = UserDecision.none();
        Map<String, Device> gone = new TreeMap<>();
        state.devices().forEach((name, device) -> {
            if (device.hasNewcomer() && device.getNewcomer().getDueMillis() <= nowMillis) {
                gone.put(name, left(device, true, nowMillis));
            } else if (isOver(device, nowMillis)) {
                sessions.end(decision, name, device);
            }
        });
        return gone(decision, state, gone, nowMillis);
    }

    /** @param gone what the connections that ended leave */
    private UserDecision gone(UserDecision decision, UserState state, Map<String, Device> gone, long nowMillis) {
        gone.forEach((name, device) -> goes(decision, state, name, device, nowMillis));
        boolean others = gone.isEmpty()
                || gone.values().stream().anyMatch(Device::hasNewcomer)
                || state.devices().entrySet().stream()
                        .anyMatch(entry -> isConnected(entry.getValue()) && !gone.containsKey(entry.getKey()));
        boolean interrupted = gone.values().stream().anyMatch(Device::getInterrupted);
        return presence.leaving(decision, state, !others, interrupted, nowMillis);
    }

    private void goes(UserDecision decision, UserState state, String name, Device device, long nowMillis) {
        Device session = device.toBuilder().clearNewcomer().build();
        boolean over = isOver(session, nowMillis);
        if (over) {
            // With the row as it is until now, and what is due with it.
            sessions.end(decision, name, session);
        }
        if (device.hasNewcomer()) {
            sessions.open(decision, state, name, over ? null : session, device.getNewcomer(), nowMillis);
        } else if (!over) {
            decision.and(new UserChange.DeviceSeen(name, session));
        }
    }
}
