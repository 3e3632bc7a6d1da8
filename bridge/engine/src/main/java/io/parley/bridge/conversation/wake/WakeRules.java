package io.parley.bridge.conversation.wake;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.notify.NotifyRules;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.unread.UnreadRules;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Waking;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Counted;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the user machines of members whose devices may not be attached. A member who asked is woken by the next event, once. A user machine that
 * is not to be woken was woken before, and knows that its sessions may lack something here. So a message costs nothing for a member who is there,
 * and one command for each absence of one who is not.
 *
 * <p>A wake says what is unread. While a member is to be woken, the user machine knows that, but for what expired since: it is told again what changes
 * without an event. After that it is told nothing, and knows that the conversation moved.
 */
public final class WakeRules implements ConversationHandlers.Feature {
    /** An event that is not larger goes with the wake, if not more are woken: it needs no way through history then. */
    private static final int SMALL_BYTES = 1_024;

    private static final int FEW = 16;

    private final RetentionRules retention;
    private final UnreadRules unread;

    public WakeRules(RetentionRules retention, UnreadRules unread) {
        this.retention = retention;
        this.unread = unread;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.ASK_FOR_WAKE, (state, command, now) -> ask(state, command.getAskForWake(), now))
                .before(CommandCase.ASK_FOR_WAKE, (state, command, now) -> Decision.none())
                .on(
                        CommandCase.PURGE_DELIVERED,
                        (state, command, now) -> purged(retention.purge(state, now), state, now));
    }

    /** Wakes those who asked, by the first event of a decision. What else the event brings for them comes after that. */
    public void event(
            Decision decision, ConversationState state, ChatEvent event, @Nullable Notice notice, long nowMillis) {
        Wake.Builder wake = wake(state).setSince(event.getSeq() - 1).setSeq(event.getSeq());
        Map<UserId, Waking> waking = state.waking();
        if (waking.size() <= FEW && event.getSerializedSize() <= SMALL_BYTES) {
            wake.setEvent(event.toByteString());
        }
        Map<UserId, Unread> counts = unread.after(state, event, waking, nowMillis);
        for (UserId user : waking.keySet()) {
            if (event.hasUserErased() && event.getUserErased().getUser().equals(user.value())) {
                continue;
            }
            decision.and(new Change.Woken(user));
            Notice shown = NotifyRules.of(notice, event.getMentionsList(), user);
            if (shown == null) {
                wake.clearNotice();
            } else {
                wake.setNotice(shown);
            }
            if (isRemoved(event, user)) {
                decision.and(tell(
                        user,
                        wake.clone()
                                .clearUnread()
                                .clearMentions()
                                .setRemoved(true)
                                .build()));
            } else {
                decision.and(tell(user, counted(decision, state, user, wake, counts)));
            }
        }
        if (event.hasUserErased()) {
            forget(decision, state, UserId.parse(event.getUserErased().getUser()));
        }
    }

    /** What was told may have come to a user machine that had forgotten all before. */
    private static void forget(Decision decision, ConversationState state, UserId erased) {
        if (state.id().isDirect() && !state.told(erased).equals(Unread.NOTHING)) {
            decision.and(tell(state, erased, Unread.NOTHING));
        }
    }

    private static boolean isRemoved(ChatEvent event, UserId user) {
        return event.hasMemberLeft()
                ? event.getMemberLeft().getUser().equals(user.value())
                : event.getMembersRemoved().getUsersList().contains(user.value());
    }

    /**
     * Devices of members have everything up to a seq, and may not be reached here any more; or members read more. Who is to be woken has been told
     * what is unread.
     *
     * @param moved the pointers that move with this report
     */
    public void report(
            Decision decision,
            ConversationState state,
            ReportCursors report,
            Map<UserId, Pointers> moved,
            long nowMillis) {
        Map<UserId, List<Cursor>> settled = new TreeMap<>();
        for (Cursor cursor : report.getCursorsList()) {
            UserId user = UserId.parse(cursor.getUser());
            if (cursor.hasSettled() && state.member(user) != null) {
                settled.computeIfAbsent(user, key -> new ArrayList<>()).add(cursor);
            }
        }
        moved.forEach((user, pointers) -> {
            if (pointers.getRead() > state.pointers(user).getRead() && state.waking(user) != null) {
                settled.putIfAbsent(user, List.of());
            }
        });
        Map<UserId, Unread> counts =
                unread.of(state, settled.keySet(), user -> moved.getOrDefault(user, state.pointers(user)), nowMillis);
        settled.forEach((user, cursors) -> settle(decision, state, user, cursors, counts));
    }

    private void settle(
            Decision decision, ConversationState state, UserId user, List<Cursor> cursors, Map<UserId, Unread> counts) {
        int head = state.head().getSeq();
        List<Cursor> late =
                cursors.stream().filter(cursor -> cursor.getSettled() < head).toList();
        if (late.size() < cursors.size()) {
            ask(
                    decision,
                    state,
                    user,
                    cursors.stream().anyMatch(cursor -> cursor.getSettled() >= head && cursor.getSignals()));
        }
        if (late.isEmpty()) {
            count(decision, state, user, counts);
        }
        late.forEach(cursor -> decision.and(tell(
                user,
                counted(
                        decision,
                        state,
                        user,
                        wake(state).setSince(cursor.getSettled()).setSeq(head),
                        counts))));
    }

    private static void ask(Decision decision, ConversationState state, UserId user, boolean signals) {
        Waking before = state.waking(user);
        boolean now = signals || (before != null && before.getSignals());
        if (before == null || !before.getCounted() || now != before.getSignals()) {
            decision.and(new Change.WakeAsked(user, now));
        }
    }

    /** The user machine knows of no attached device, and of what came up to a seq. */
    public Decision ask(ConversationState state, AskForWake ask, long nowMillis) {
        UserId user = UserId.parse(ask.getUser());
        Decision decision = Decision.none();
        if (state.member(user) == null) {
            return decision;
        }
        if (ask.getSignals() && state.waking(user) == null) {
            // Who is not to be woken was woken: a device that is attached then, or that comes, says itself what it
            // wants.
            return decision;
        }
        int head = state.head().getSeq();
        Map<UserId, Unread> counts = Map.of(user, unread.of(state, user, nowMillis));
        if (!ask.getSignals() && ask.getTold() < head) {
            return decision.and(tell(
                    user,
                    counted(
                            decision,
                            state,
                            user,
                            wake(state).setSince(ask.getTold()).setSeq(head),
                            counts)));
        }
        ask(decision, state, user, ask.getSignals());
        count(decision, state, user, counts);
        return decision;
    }

    /** What all have went, and is unread no more. Adds that for those who are to be woken. */
    public Decision purged(Decision decision, ConversationState state, long nowMillis) {
        for (Change change : List.copyOf(decision.changes())) {
            if (change instanceof Change.Purged purged) {
                List<UserId> waking = state.waking().keySet().stream()
                        .filter(user -> !state.told(user).equals(Unread.NOTHING))
                        .toList();
                Map<UserId, Unread> counts = unread.purged(state, waking, purged.through(), nowMillis);
                waking.forEach(user -> count(decision, state, user, counts));
            }
        }
        return decision;
    }

    /** Tells what is unread, if that is not what was told last. */
    private static void count(Decision decision, ConversationState state, UserId user, Map<UserId, Unread> counts) {
        Unread now = counts.getOrDefault(user, Unread.NOTHING);
        if (!now.equals(state.told(user))) {
            decision.and(new Change.CountTold(user, now)).and(tell(state, user, now));
        }
    }

    private static Effect tell(ConversationState state, UserId user, Unread now) {
        return new Effect.TellUser(
                user,
                UserCommand.newBuilder()
                        .setCounted(Counted.newBuilder()
                                .setConversation(state.id().value())
                                .setUnread(now.messages())
                                .setMentions(now.mentions()))
                        .build());
    }

    /** The wake with what is unread. */
    private static Wake counted(
            Decision decision, ConversationState state, UserId user, Wake.Builder wake, Map<UserId, Unread> counts) {
        Unread now = counts.getOrDefault(user, Unread.NOTHING);
        if (!now.equals(state.told(user))) {
            decision.and(new Change.CountTold(user, now));
        }
        return wake.setUnread(now.messages()).setMentions(now.mentions()).build();
    }

    /** Wakes, once, those who want signals, to attach if they are there. They are still woken by the next event. */
    public void signal(Decision decision, ConversationState state, Collection<UserId> by) {
        for (Map.Entry<UserId, Waking> waking : state.waking().entrySet()) {
            UserId user = waking.getKey();
            if (waking.getValue().getSignals() && by.stream().anyMatch(other -> !other.equals(user))) {
                int head = state.head().getSeq();
                decision.and(new Change.WakeAsked(user, false))
                        .and(tell(
                                user,
                                wake(state)
                                        .setSince(head)
                                        .setSeq(head)
                                        .setSignal(true)
                                        .build()));
            }
        }
    }

    private Wake.Builder wake(ConversationState state) {
        return Wake.newBuilder()
                .setConversation(state.id().value())
                .setUntilDelivered(retention.of(state).getUntilDelivered());
    }

    private static Effect tell(UserId user, Wake wake) {
        return new Effect.TellUser(user, UserCommand.newBuilder().setWake(wake).build());
    }
}
