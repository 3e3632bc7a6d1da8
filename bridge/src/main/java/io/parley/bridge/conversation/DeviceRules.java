package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How devices come, go and acknowledge. */
final class DeviceRules {
    private final SignalRules signals;

    DeviceRules(SignalRules signals) {
        this.signals = signals;
    }

    Decision attach(ConversationState state, Origin origin, Attach attach, long nowMillis) {
        UserId user = UserId.parse(origin.getUser());
        if (isOfEarlierLife(state, origin.getNode())) {
            // Nobody waits for the answer, and the route that the node has by now counts its own attaches.
            return Decision.none();
        }
        Member member = state.member(user);
        Attached.Builder answer = Attached.newBuilder()
                .setUser(origin.getUser())
                .setDevice(origin.getDevice())
                .setConnection(origin.getConnection())
                .setRightsOnly(attach.getRightsOnly())
                .setWildcard(attach.getWildcard());
        if (member == null) {
            return Decision.of(deliver(state, origin.getNode(), answer));
        }
        Decision decision = Decision.none();
        int head = state.head().getSeq();
        Position stored = state.position(user, origin.getDevice());
        Position own = stored == null || !isOf(stored, origin.getSession()) ? null : stored;
        int cursor = attach.getCleanStart() ? head : Math.min(head, cursor(state, user, own, member));
        boolean keeps = !attach.getRightsOnly() && !attach.getTransient();
        if (keeps && !isOfLaterSession(stored, origin.getSession())) {
            Position now = position(own, cursor, origin.getSession(), nowMillis);
            if (!now.equals(own)) {
                decision.and(new Change.CursorMoved(user, origin.getDevice(), now));
            }
        }
        Route route = route(state, origin.getNode());
        decision.and(new Change.RouteOpened(route))
                .and(deliver(
                        state,
                        origin.getNode(),
                        answer.setMember(true)
                                .setHead(head)
                                .setCursor(cursor)
                                .setSent(own == null ? 0 : own.getSent())
                                .setOrdinal(route.getOrdinal())));
        signals.snapshot(state, origin, attach).forEach(decision::and);
        return decision;
    }

    Decision detach(ConversationState state, Detach detach) {
        Node node = detach.getNode();
        for (Route route : state.routes()) {
            boolean earlierLife = route.getEpoch() < node.getEpoch();
            boolean nothingSince = route.getEpoch() == node.getEpoch() && route.getOrdinal() <= detach.getOrdinal();
            if (route.getSlot() == node.getSlot() && (earlierLife || nothingSince)) {
                return Decision.none().and(new Change.RouteClosed(route.getSlot()));
            }
        }
        return Decision.none();
    }

    Decision report(ConversationState state, ReportCursors report, long nowMillis) {
        Decision decision = Decision.none();
        Map<UserId, Pointers> moved = new TreeMap<>();
        Map<String, Position> positions = new HashMap<>();
        for (Cursor cursor : report.getCursorsList()) {
            UserId user = UserId.parse(cursor.getUser());
            if (state.member(user) == null || cursor.getSeq() > state.head().getSeq()) {
                continue;
            }
            // Without a position is a device whose session ended, or ends with its connection: a report makes none.
            String device = user + "/" + cursor.getDevice();
            Position own =
                    positions.containsKey(device) ? positions.get(device) : state.position(user, cursor.getDevice());
            if (own == null && isOfErased(state, user, cursor)) {
                continue;
            }
            if (own != null && isOf(own, cursor.getSession())) {
                Position now = later(own, cursor, state.head().getSeq(), nowMillis);
                if (!now.equals(own)) {
                    positions.put(device, now);
                    decision.and(new Change.CursorMoved(user, cursor.getDevice(), now));
                }
            }
            Pointers before = moved.getOrDefault(user, state.pointers(user));
            Pointers now = later(before, cursor, state.head().getSeq());
            if (!now.equals(before)) {
                moved.put(user, now);
            }
        }
        moved.forEach((user, pointers) -> decision.and(new Change.PointersMoved(user, pointers)));
        return moved.isEmpty() ? decision : decision.and(signals.untold(state, moved.keySet(), Set.of()));
    }

    /** Whether somebody who is erased by now received or read it, of whom nothing is to be remembered. */
    private static boolean isOfErased(ConversationState state, UserId user, Cursor cursor) {
        return state.id().isDirect()
                && Math.max(cursor.getSeq(), cursor.getRead()) < state.head().getErasedAt()
                && state.pointers(user).getDelivered() == 0;
    }

    /** The device stands where its user joined, as if it had been there. */
    Decision expect(ConversationState state, ExpectDevice expect, long nowMillis) {
        UserId user = UserId.parse(expect.getUser());
        Member member = state.member(user);
        Position stored = state.position(user, expect.getDevice());
        boolean there =
                stored != null && (isOf(stored, expect.getSession()) || isOfLaterSession(stored, expect.getSession()));
        if (member == null || there) {
            return Decision.none();
        }
        int start = Math.max(member.getJoined() - 1, state.head().getPurged());
        return Decision.none()
                .and(new Change.CursorMoved(
                        user, expect.getDevice(), position(null, start, expect.getSession(), nowMillis)));
    }

    Decision forget(ConversationState state, ForgetDevice forget) {
        UserId user = UserId.parse(forget.getUser());
        Position stored = state.position(user, forget.getDevice());
        return stored == null || isOfLaterSession(stored, forget.getSession())
                ? Decision.none()
                : Decision.none().and(new Change.DeviceForgotten(user, forget.getDevice()));
    }

    /** Whether the position is of that session of the device. One that names none is of whichever it is. */
    private static boolean isOf(Position position, long session) {
        return session == 0 || position.getSession() == 0 || position.getSession() == session;
    }

    private static boolean isOfLaterSession(@Nullable Position position, long session) {
        return position != null && session != 0 && position.getSession() > session;
    }

    private static Position position(@Nullable Position before, int seq, long session, long nowMillis) {
        Position.Builder position = before == null ? Position.newBuilder() : before.toBuilder();
        return position.setSeq(seq)
                .setDay(Math.max(position.getDay(), RetentionRules.day(nowMillis)))
                .setSession(Math.max(position.getSession(), session))
                .build();
    }

    /** What is said with a report may be known already. */
    private static Position later(Position before, Cursor cursor, int head, long nowMillis) {
        return position(before, Math.max(before.getSeq(), cursor.getSeq()), cursor.getSession(), nowMillis).toBuilder()
                .setSent(Math.max(before.getSent(), Math.min(cursor.getSent(), head)))
                .build();
    }

    /** A pointer never moves back, and what was read was received. */
    private static Pointers later(Pointers before, Cursor cursor, int head) {
        int read = Math.max(before.getRead(), Math.min(cursor.getRead(), head));
        return Pointers.newBuilder()
                .setRead(read)
                .setDelivered(Math.max(before.getDelivered(), Math.max(cursor.getSeq(), read)))
                .build();
    }

    private static int cursor(ConversationState state, UserId user, @Nullable Position own, Member member) {
        int received = own == null ? state.pointers(user).getDelivered() : own.getSeq();
        return Math.max(received, Math.max(member.getJoined() - 1, state.head().getPurged()));
    }

    private static boolean isOfEarlierLife(ConversationState state, Node node) {
        return state.routes().stream()
                .anyMatch(route -> route.getSlot() == node.getSlot() && route.getEpoch() > node.getEpoch());
    }

    private static Route route(ConversationState state, Node node) {
        for (Route route : state.routes()) {
            if (route.getSlot() == node.getSlot() && route.getEpoch() == node.getEpoch()) {
                return route.toBuilder().setOrdinal(route.getOrdinal() + 1).build();
            }
        }
        return Route.newBuilder()
                .setSlot(node.getSlot())
                .setEpoch(node.getEpoch())
                .setOrdinal(1)
                .build();
    }

    private static Effect deliver(ConversationState state, Node node, Attached.Builder answer) {
        return new Effect.Deliver(
                node.getSlot(),
                state.id().value(),
                Delivery.newBuilder()
                        .setEpoch(node.getEpoch())
                        .setAttached(answer)
                        .build());
    }
}
