package io.parley.bridge.user.device;

import static io.parley.bridge.Replies.refusal;
import static io.parley.bridge.user.Connections.close;
import static io.parley.bridge.user.Connections.device;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Sessions.isOver;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.presence.PresenceRules;
import io.parley.bridge.user.session.SessionRules;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.DeviceSummary;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;

/** What users ask about their devices: which they have, and that one goes. */
public final class DeviceRequests implements UserHandlers.Feature {
    private final PresenceRules presence;
    private final SessionRules sessions;

    public DeviceRequests(PresenceRules presence, SessionRules sessions) {
        this.presence = presence;
        this.sessions = sessions;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.LIST_DEVICES, DeviceRequests::list).on(CommandCase.REMOVE_DEVICE, this::remove);
    }

    public static UserDecision list(UserState state, UserCommand command, long nowMillis) {
        Reply.Builder reply = Reply.newBuilder().setRequestId(command.getRequestId());
        state.devices().forEach((name, device) -> {
            DeviceSummary.Builder summary =
                    DeviceSummary.newBuilder().setDevice(name).setOnline(isConnected(device));
            if (!isConnected(device)) {
                summary.setLastSeen(Timestamps.fromMillis(device.getSeenMillis()));
            }
            if (!isOver(device, nowMillis)) {
                reply.addDevices(summary);
            }
        });
        return UserDecision.none().and(Replies.to(command.getOrigin(), reply));
    }

    public UserDecision remove(UserState state, UserCommand command, long nowMillis) {
        String name = command.getRemoveDevice().getDevice();
        Device device = state.devices().get(name);
        if (device == null || isOver(device, nowMillis)) {
            return UserDecision.none()
                    .and(Replies.error(
                            command.getOrigin(),
                            command.getRequestId(),
                            refusal(ErrorCode.NOT_FOUND, "you have no device " + name)));
        }
        UserDecision decision = UserDecision.none();
        end(decision, state, name, device);
        boolean others = state.devices().entrySet().stream()
                .anyMatch(entry ->
                        isConnected(entry.getValue()) && !entry.getKey().equals(name));
        if (isConnected(device) && !others) {
            presence.leaving(decision, state, true, false, nowMillis);
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** The device goes, with the connection that has its session and the one that asks for it. */
    public void end(UserDecision decision, UserState state, String name, Device device) {
        if (isConnected(device)) {
            decision.and(close(state.id(), name, device, Reason.REMOVED));
        }
        if (device.hasNewcomer()) {
            decision.and(close(state.id(), name, device(device.getNewcomer()), Reason.REMOVED));
        }
        sessions.end(decision, name, device);
    }
}
