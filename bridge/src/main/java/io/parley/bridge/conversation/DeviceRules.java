package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;

/** How devices come, go and acknowledge. */
final class DeviceRules {
    Decision attach(ConversationState state, Origin origin, Attach attach) {
        UserId user = UserId.parse(origin.getUser());
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
        int cursor = attach.getCleanStart() ? head : Math.min(head, cursor(state, user, origin.getDevice(), member));
        if (attach.getCleanStart() && !attach.getRightsOnly()) {
            decision.and(new Change.CursorMoved(user, origin.getDevice(), head, false));
        }
        Route route = route(state, origin.getNode());
        return decision.and(new Change.RouteOpened(route))
                .and(deliver(
                        state,
                        origin.getNode(),
                        answer.setMember(true).setHead(head).setCursor(cursor).setOrdinal(route.getOrdinal())));
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

    Decision report(ConversationState state, ReportCursors report) {
        Decision decision = Decision.none();
        for (Cursor cursor : report.getCursorsList()) {
            UserId user = UserId.parse(cursor.getUser());
            boolean forward = cursor.getSeq() > state.cursor(user, cursor.getDevice());
            if (forward && cursor.getSeq() <= state.head().getSeq() && state.member(user) != null) {
                decision.and(new Change.CursorMoved(user, cursor.getDevice(), cursor.getSeq(), true));
            }
        }
        return decision;
    }

    private static int cursor(ConversationState state, UserId user, String device, Member member) {
        int own = state.cursor(user, device);
        return Math.max(own >= 0 ? own : state.delivered(user), member.getJoined() - 1);
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
