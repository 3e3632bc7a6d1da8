package io.parley.bridge.conversation.attach;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.signal.SignalRules;
import io.parley.bridge.conversation.wake.WakeRules;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Route;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.DrainedConversation;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.UserCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How devices come, go and acknowledge. */
public final class DeviceRules implements ConversationHandlers.Feature {
    private final SignalRules signals;
    private final WakeRules wakes;

    public DeviceRules(SignalRules signals, WakeRules wakes) {
        this.signals = signals;
        this.wakes = wakes;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(
                        CommandCase.ATTACH,
                        (state, command, now) -> attach(state, command.getOrigin(), command.getAttach(), now))
                .on(CommandCase.DETACH, (state, command, now) -> detach(state, command.getDetach()))
                .on(CommandCase.REPORT_CURSORS, (state, command, now) -> report(state, command.getReportCursors(), now))
                .before(CommandCase.REPORT_CURSORS, (state, command, now) -> Decision.none())
                .on(CommandCase.FORGET_DEVICE, (state, command, now) -> forget(state, command.getForgetDevice()))
                .on(CommandCase.EXPECT_DEVICE, (state, command, now) -> expect(state, command.getExpectDevice(), now))
                .before(CommandCase.EXPECT_DEVICE, (state, command, now) -> Decision.none());
    }

    public Decision attach(ConversationState state, Origin origin, Attach attach, long nowMillis) {
        UserId user = UserId.parse(origin.getUser());
        Member member = state.member(user);
        Position stored = state.position(user, origin.getDevice());
        Position own = stored == null || !isOf(stored, origin.getSession()) ? null : stored;
        boolean owed = own != null || attach.getEndsWith() > 0;
        boolean keeps = !attach.getRightsOnly() && !attach.getTransient();
        if (isOfEarlierLife(state, origin.getNode())) {
            // Nobody waits for the answer, and the route that the node has by now counts its own attaches. The session
            // goes on elsewhere, from here.
            return member != null && own == null && keeps && attach.getWildcard()
                    ? expect(
                            state,
                            user,
                            origin,
                            attach.getCleanStart() ? atHead(state, null) : start(state, user, null, member, attach),
                            nowMillis)
                    : Decision.none();
        }
        if (member == null && (!owed || attach.getRightsOnly() || attach.getCleanStart())) {
            return Decision.of(deliver(state, origin.getNode(), answer(origin, attach)));
        }
        Position start = attach.getCleanStart() ? atHead(state, own) : start(state, user, own, member, attach);
        if (Absences.isDrained(start)) {
            // What it did not acknowledge is gone.
            Decision decision = Decision.of(deliver(state, origin.getNode(), answer(origin, attach)));
            return own == null
                    ? decision
                    : withDrained(
                            decision.and(new Change.DeviceForgotten(user, origin.getDevice())), state, Set.of(user));
        }
        Decision decision = Decision.none();
        if (keeps && !isOfLaterSession(stored, origin.getSession())) {
            Position now = seen(start, origin.getSession(), nowMillis);
            if (!now.equals(own)) {
                decision.and(new Change.CursorMoved(user, origin.getDevice(), now));
            }
        }
        Route route = route(state, origin.getNode(), member != null && attach.getPresence());
        decision.and(new Change.RouteOpened(route))
                .and(deliver(
                        state,
                        origin.getNode(),
                        answer(origin, attach)
                                .setMember(member != null)
                                .setHead(state.head().getSeq())
                                .setCursor(start.getSeq())
                                .setSent(start.getSent())
                                .setOrdinal(route.getOrdinal())
                                .addAllAbsences(start.getAbsencesList())));
        if (!route.getPresence()) {
            // It may replace that of an earlier life of the node.
            signals.unwatched(decision, state, route.getSlot());
        }
        if (member != null) {
            signals.snapshot(decision, state, origin, attach);
        }
        return decision;
    }

    private static Decision expect(
            ConversationState state, UserId user, Origin origin, Position start, long nowMillis) {
        return isOfLaterSession(state.position(user, origin.getDevice()), origin.getSession())
                ? Decision.none()
                : Decision.none()
                        .and(new Change.CursorMoved(
                                user, origin.getDevice(), seen(start, origin.getSession(), nowMillis)));
    }

    public static Attached.Builder answer(Origin origin, Attach attach) {
        return Attached.newBuilder()
                .setUser(origin.getUser())
                .setDevice(origin.getDevice())
                .setConnection(origin.getConnection())
                .setRightsOnly(attach.getRightsOnly())
                .setToWrite(attach.getToWrite())
                .setWildcard(attach.getWildcard())
                .setWoken(attach.getWoken());
    }

    public Decision detach(ConversationState state, Detach detach) {
        Node node = detach.getNode();
        for (Route route : state.routes()) {
            boolean earlierLife = route.getEpoch() < node.getEpoch();
            boolean nothingSince = route.getEpoch() == node.getEpoch() && route.getOrdinal() <= detach.getOrdinal();
            if (route.getSlot() == node.getSlot() && (earlierLife || nothingSince)) {
                return signals.unwatched(
                        Decision.none().and(new Change.RouteClosed(route.getSlot())), state, route.getSlot());
            }
        }
        return Decision.none();
    }

    public Decision report(ConversationState state, ReportCursors report, long nowMillis) {
        Decision decision = Decision.none();
        Map<UserId, Pointers> moved = new TreeMap<>();
        Map<String, @Nullable Position> positions = new HashMap<>();
        Set<UserId> drained = new TreeSet<>();
        for (Cursor cursor : report.getCursorsList()) {
            UserId user = UserId.parse(cursor.getUser());
            boolean member = state.member(user) != null;
            // Without a position is a device whose session ended, or ends with its connection: a report makes none.
            String device = user + "/" + cursor.getDevice();
            Position own =
                    positions.containsKey(device) ? positions.get(device) : state.position(user, cursor.getDevice());
            if (cursor.getSeq() > state.head().getSeq()
                    || (own == null && (!member || isOfErased(state, user, cursor)))) {
                continue;
            }
            if (own != null && isOf(own, cursor.getSession())) {
                Position now = later(own, cursor, state.head().getSeq(), nowMillis);
                if (Absences.isDrained(now)) {
                    positions.put(device, null);
                    drained.add(user);
                    decision.and(new Change.DeviceForgotten(user, cursor.getDevice()));
                } else if (!now.equals(own)) {
                    positions.put(device, now);
                    decision.and(new Change.CursorMoved(user, cursor.getDevice(), now));
                }
            }
            if (!member) {
                continue;
            }
            Pointers before = moved.getOrDefault(user, state.pointers(user));
            Pointers now = later(before, cursor, state.head().getSeq());
            if (!now.equals(before)) {
                moved.put(user, now);
            }
        }
        moved.forEach((user, pointers) -> decision.and(new Change.PointersMoved(user, pointers)));
        wakes.report(decision, state, report, moved, nowMillis);
        withDrained(decision, state, drained);
        return moved.isEmpty() ? decision : decision.and(Change.UntoldSet.with(state, moved.keySet(), Set.of()));
    }

    /** Whether somebody who is erased by now received or read it, of whom nothing is to be remembered. */
    private static boolean isOfErased(ConversationState state, UserId user, Cursor cursor) {
        return state.id().isDirect()
                && Math.max(cursor.getSeq(), cursor.getRead()) < state.head().getErasedAt()
                && state.pointers(user).getDelivered() == 0;
    }

    /** The device stands where it did, or where its user joined, as if it had been there. */
    public Decision expect(ConversationState state, ExpectDevice expect, long nowMillis) {
        UserId user = UserId.parse(expect.getUser());
        Member member = state.member(user);
        Position stored = state.position(user, expect.getDevice());
        boolean there =
                stored != null && (isOf(stored, expect.getSession()) || isOfLaterSession(stored, expect.getSession()));
        if (member == null || (there && stored != null && isOfLaterSession(stored, expect.getSession()))) {
            return Decision.none();
        }
        if (there && stored != null) {
            // It is away, and still counts.
            Position now = seen(stored, expect.getSession(), nowMillis);
            return now.equals(stored)
                    ? Decision.none()
                    : Decision.none().and(new Change.CursorMoved(user, expect.getDevice(), now));
        }
        int start = Math.max(member.getJoined() - 1, state.head().getPurged());
        return Decision.none()
                .and(new Change.CursorMoved(user, expect.getDevice(), seen(at(start), expect.getSession(), nowMillis)));
    }

    public Decision forget(ConversationState state, ForgetDevice forget) {
        UserId user = UserId.parse(forget.getUser());
        Position stored = state.position(user, forget.getDevice());
        if (stored == null || isOfLaterSession(stored, forget.getSession())) {
            return Decision.none();
        }
        Decision decision = Decision.none().and(new Change.DeviceForgotten(user, forget.getDevice()));
        return state.member(user) == null ? withDrained(decision, state, Set.of(user)) : decision;
    }

    /** Tells those users, who are no members, that none of their devices has a position after the decision, if that is so. */
    private static Decision withDrained(Decision decision, ConversationState state, Set<UserId> users) {
        for (UserId user : users) {
            long forgotten = decision.changes().stream()
                    .filter(change -> change instanceof Change.DeviceForgotten one
                            && one.user().equals(user))
                    .count();
            if (forgotten == state.positions(user).size()) {
                decision.and(drained(state.id(), user));
            }
        }
        return decision;
    }

    /** Whether the device still gets what came before its user's removal. A session may come back until it is over, and then says so. */
    public static boolean isOwed(Position position) {
        return position.getSession() != 0;
    }

    /** Whether the position is of that session of the device. One that names none is of whichever it is. */
    private static boolean isOf(Position position, long session) {
        return session == 0 || position.getSession() == 0 || position.getSession() == session;
    }

    private static boolean isOfLaterSession(@Nullable Position position, long session) {
        return position != null && session != 0 && position.getSession() > session;
    }

    private static Position at(int seq) {
        return Position.newBuilder().setSeq(seq).build();
    }

    private static Position seen(Position position, long session, long nowMillis) {
        return position.toBuilder()
                .setDay(Math.max(position.getDay(), RetentionRules.day(nowMillis)))
                .setSession(Math.max(position.getSession(), session))
                .build();
    }

    /** What is said with a report may be known already. */
    private static Position later(Position before, Cursor cursor, int head, long nowMillis) {
        Position moved = before.toBuilder()
                .setSent(Math.max(before.getSent(), Math.min(cursor.getSent(), head)))
                .build();
        return seen(
                Absences.movedTo(moved, Math.max(before.getSeq(), cursor.getSeq())), cursor.getSession(), nowMillis);
    }

    /** A pointer never moves back, and what was read was received. */
    private static Pointers later(Pointers before, Cursor cursor, int head) {
        int read = Math.max(before.getRead(), Math.min(cursor.getRead(), head));
        // With what a newer engine knows of them: else they would seem to have moved.
        return before.toBuilder()
                .setRead(read)
                .setDelivered(Math.max(before.getDelivered(), Math.max(cursor.getSeq(), read)))
                .build();
    }

    private static Position atHead(ConversationState state, @Nullable Position own) {
        return (own == null ? Position.newBuilder() : own.toBuilder())
                .setSeq(state.head().getSeq())
                .clearAbsences()
                .build();
    }

    /** Where a device goes on: at its own position, else at what another device of its user acknowledged. What is gone is stepped over. */
    private static Position start(
            ConversationState state, UserId user, @Nullable Position own, @Nullable Member member, Attach attach) {
        int purged = state.head().getPurged();
        if (own != null) {
            return Absences.movedTo(own, Math.max(own.getSeq(), purged));
        }
        if (member == null) {
            return Absences.begin(at(Math.max(attach.getStartsAfter(), purged)), attach.getEndsWith());
        }
        int least = Math.max(member.getJoined() - 1, purged);
        int had = attach.getStartsAfter() > 0
                ? attach.getStartsAfter()
                : state.pointers(user).getDelivered();
        return at(Math.max(had, least));
    }

    private static boolean isOfEarlierLife(ConversationState state, Node node) {
        return state.routes().stream()
                .anyMatch(route -> route.getSlot() == node.getSlot() && route.getEpoch() > node.getEpoch());
    }

    private static Route route(ConversationState state, Node node, boolean presence) {
        for (Route route : state.routes()) {
            if (route.getSlot() == node.getSlot() && route.getEpoch() == node.getEpoch()) {
                return route.toBuilder()
                        .setOrdinal(route.getOrdinal() + 1)
                        .setPresence(presence || route.getPresence())
                        .build();
            }
        }
        return Route.newBuilder()
                .setSlot(node.getSlot())
                .setEpoch(node.getEpoch())
                .setOrdinal(1)
                .setPresence(presence)
                .build();
    }

    public static Effect deliver(ConversationState state, Node node, Attached.Builder answer) {
        return new Effect.Deliver(
                node.getSlot(),
                state.id().value(),
                Delivery.newBuilder()
                        .setEpoch(node.getEpoch())
                        .setAttached(answer)
                        .build());
    }

    /** No device of somebody who is no member has a position any more. */
    public static Effect drained(ConversationId conversation, UserId user) {
        return new Effect.TellUser(
                user,
                UserCommand.newBuilder()
                        .setDrainedConversation(DrainedConversation.newBuilder().setConversation(conversation.value()))
                        .build());
    }
}
