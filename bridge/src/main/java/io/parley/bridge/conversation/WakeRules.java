package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Waking;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import io.parley.protocol.wire.ChatEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the user machines of members whose devices may not be attached. A member who asked is woken by the next event, once. A user machine that
 * is not to be woken was woken before, and knows that its sessions may lack something here. So a message costs nothing for a member who is there,
 * and one command for each absence of one who is not.
 */
final class WakeRules {
    /** An event that is not larger goes with the wake, if not more are woken: it needs no way through history then. */
    private static final int SMALL_BYTES = 1_024;

    private static final int FEW = 16;

    private final RetentionRules retention;

    WakeRules(RetentionRules retention) {
        this.retention = retention;
    }

    /** Wakes those who asked, by the first event of a decision. What else the event brings for them comes after that. */
    void event(Decision decision, ConversationState state, ChatEvent event, @Nullable Notice notice) {
        Wake.Builder wake = wake(state).setSince(event.getSeq() - 1).setSeq(event.getSeq());
        Set<UserId> waking = state.waking().keySet();
        if (waking.size() <= FEW && event.getSerializedSize() <= SMALL_BYTES) {
            wake.setEvent(event.toByteString());
        }
        for (UserId user : waking) {
            if (event.hasUserErased() && event.getUserErased().getUser().equals(user.value())) {
                continue;
            }
            Notice shown = NotifyRules.of(notice, event.getMentionsList(), user);
            if (shown == null) {
                wake.clearNotice();
            } else {
                wake.setNotice(shown);
            }
            decision.and(new Change.Woken(user))
                    .and(tell(user, wake.setRemoved(isRemoved(event, user)).build()));
        }
    }

    private static boolean isRemoved(ChatEvent event, UserId user) {
        return event.hasMemberLeft()
                ? event.getMemberLeft().getUser().equals(user.value())
                : event.getMembersRemoved().getUsersList().contains(user.value());
    }

    /** A device of the member has everything up to a seq, and may not be reached here any more. */
    void settle(Decision decision, ConversationState state, UserId user, Cursor cursor) {
        if (cursor.getSettled() < state.head().getSeq()) {
            decision.and(tell(
                    user,
                    wake(state)
                            .setSince(cursor.getSettled())
                            .setSeq(state.head().getSeq())
                            .build()));
            return;
        }
        Waking before = state.waking(user);
        boolean signals = cursor.getSignals()
                || (before != null && before.getSignals())
                || decision.changes().contains(new Change.WakeAsked(user, true));
        if (before == null || signals != before.getSignals()) {
            decision.and(new Change.WakeAsked(user, signals));
        }
    }

    /** The user machine knows of no attached device, and of what came up to a seq. */
    Decision ask(ConversationState state, AskForWake ask) {
        UserId user = UserId.parse(ask.getUser());
        Decision decision = Decision.none();
        if (state.member(user) == null) {
            return decision;
        }
        if (ask.getTold() < state.head().getSeq()) {
            return decision.and(tell(
                    user,
                    wake(state)
                            .setSince(ask.getTold())
                            .setSeq(state.head().getSeq())
                            .build()));
        }
        return state.waking(user) == null ? decision.and(new Change.WakeAsked(user, false)) : decision;
    }

    /** Wakes, once, those who want signals, to attach if they are there. They are still woken by the next event. */
    void signal(Decision decision, ConversationState state, Collection<UserId> by) {
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
