package io.parley.bridge.user.session;

import static io.parley.bridge.user.Connections.deliver;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Newcomer;
import io.parley.bridge.user.Connections;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.attach.Attaching;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Subscription;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How sessions begin, are taken up by a connection, and end. Which connection that is, is not decided here. */
public final class SessionRules {
    /**
     * The connection gets the device's session, or a new one, and is told so.
     *
     * @param before the session as the connection before left it; null if there is none
     */
    public void open(
            UserDecision decision,
            UserState state,
            String name,
            @Nullable Device before,
            Newcomer newcomer,
            long nowMillis) {
        if (before != null && newcomer.getCleanStart()) {
            end(decision, name, before);
        }
        Device kept = newcomer.getCleanStart() ? null : before;
        // The client of a session without filters must be told to subscribe.
        Device present = kept == null || kept.getSession() == Sessions.OF_OLD_ROW ? null : kept;
        Device device = device(newcomer, nowMillis)
                .setSession(present == null ? Math.max(state.lastSession() + 1, nowMillis) : present.getSession())
                .setCursors(newcomer.getExpirySeconds() != 0 || (kept != null && kept.getCursors()))
                .build();
        decision.and(new UserChange.DeviceSeen(name, device));
        if (!state.isMovedKept()) {
            decision.and(new UserChange.MovedKept());
        }
        if (present == null) {
            decision.and(opened(state, device, SessionOpened.newBuilder()));
        } else {
            answer(decision, state, name, device, present.getInterrupted());
            Attaching.everything(decision, state, name, device);
        }
    }

    /**
     * A connection that had its session before goes on with it, whether or not it is still known.
     *
     * @param before the session without a connection; null if it ended meanwhile
     */
    void goOn(
            UserDecision decision,
            UserState state,
            String name,
            @Nullable Device before,
            Newcomer newcomer,
            long session,
            long nowMillis) {
        Device device = device(newcomer, nowMillis)
                .setSession(session)
                .setCursors(newcomer.getExpirySeconds() != 0 || (before != null && before.getCursors()))
                .build();
        decision.and(new UserChange.DeviceSeen(name, device));
        if (before == null) {
            startAnew(decision, state, name, session);
        } else {
            // Conversations that began meanwhile do not know of the connection.
            Attaching.everything(decision, state, name, device);
        }
    }

    /** It is not to be forgotten any more, and what is left of its filters is not all: the connection says them again. */
    private static void startAnew(UserDecision decision, UserState state, String name, long session) {
        state.ended().stream()
                .filter(ended -> ended.device().equals(name) && ended.session() == session)
                .forEach(ended -> decision.and(new UserChange.SessionForgotten(ended)));
        state.filters(name, session)
                .first(Integer.MAX_VALUE)
                .forEach(filter -> decision.and(new UserChange.Unsubscribed(name, session, filter.getFilter())));
    }

    /** Nothing of the session stays. */
    public UserDecision end(UserDecision decision, String name, Device device) {
        return decision.and(new UserChange.SessionEnded(name, device));
    }

    private static Device.Builder device(Newcomer newcomer, long nowMillis) {
        return Connections.device(newcomer).toBuilder()
                .setSeenMillis(nowMillis)
                .setExpirySeconds(newcomer.getExpirySeconds());
    }

    private static void answer(
            UserDecision decision, UserState state, String name, Device device, boolean interrupted) {
        List<Subscription> filters = state.filters(name, device.getSession()).first(Integer.MAX_VALUE);
        Iterator<List<Subscription>> parts =
                RecordLimit.parts(filters, Subscription::getSerializedSize).iterator();
        do {
            decision.and(opened(
                    state,
                    device,
                    SessionOpened.newBuilder()
                            .setPresent(true)
                            .setInterrupted(interrupted)
                            .addAllSubscriptions(parts.hasNext() ? parts.next() : List.of())
                            .setMore(parts.hasNext())));
        } while (parts.hasNext());
    }

    private static Effect opened(UserState state, Device device, SessionOpened.Builder opened) {
        return deliver(
                state.id(),
                device,
                Delivery.newBuilder()
                        .setSessionOpened(
                                opened.setConnection(device.getConnection()).setSession(device.getSession())));
    }
}
