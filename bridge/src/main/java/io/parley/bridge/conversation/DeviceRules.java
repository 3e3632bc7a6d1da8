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
        Position own = state.position(user, origin.getDevice());
        int cursor = attach.getCleanStart() ? head : Math.min(head, cursor(state, user, own, member));
        int today = RetentionRules.day(nowMillis);
        if (!attach.getRightsOnly() && (own == null || own.getSeq() != cursor || own.getDay() < today)) {
            decision.and(new Change.CursorMoved(user, origin.getDevice(), cursor, today));
        }
        Route route = route(state, origin.getNode());
        decision.and(new Change.RouteOpened(route))
                .and(deliver(
                        state,
                        origin.getNode(),
                        answer.setMember(true).setHead(head).setCursor(cursor).setOrdinal(route.getOrdinal())));
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
        int today = RetentionRules.day(nowMillis);
        for (Cursor cursor : report.getCursorsList()) {
            UserId user = UserId.parse(cursor.getUser());
            if (state.member(user) == null || cursor.getSeq() > state.head().getSeq()) {
                continue;
            }
            // A device without a position was removed, or only reads and writes here: a report makes none.
            Position own = state.position(user, cursor.getDevice());
            if (own == null && (cursor.getRead() == 0 || isOfErased(state, user, cursor))) {
                continue;
            }
            if (own != null && (cursor.getSeq() > own.getSeq() || own.getDay() < today)) {
                decision.and(new Change.CursorMoved(
                        user, cursor.getDevice(), Math.max(own.getSeq(), cursor.getSeq()), today));
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

    /** Whether somebody who is erased by now read it, of whom nothing is to be remembered. */
    private static boolean isOfErased(ConversationState state, UserId user, Cursor cursor) {
        return state.id().isDirect()
                && cursor.getRead() < state.head().getErasedAt()
                && state.pointers(user).getDelivered() == 0;
    }

    /** The device stands where its user joined, as if it had been there. */
    Decision expect(ConversationState state, ExpectDevice expect, long nowMillis) {
        UserId user = UserId.parse(expect.getUser());
        Member member = state.member(user);
        if (member == null || state.position(user, expect.getDevice()) != null) {
            return Decision.none();
        }
        int start = Math.max(member.getJoined() - 1, state.head().getPurged());
        return Decision.none()
                .and(new Change.CursorMoved(user, expect.getDevice(), start, RetentionRules.day(nowMillis)));
    }

    Decision forget(ConversationState state, ForgetDevice forget) {
        UserId user = UserId.parse(forget.getUser());
        return state.position(user, forget.getDevice()) == null
                ? Decision.none()
                : Decision.none().and(new Change.DeviceForgotten(user, forget.getDevice()));
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
