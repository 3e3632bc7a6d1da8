package io.parley.bridge.conversation.sequence;

import com.google.protobuf.Timestamp;
import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.notify.NotifyRules;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.wake.WakeRules;
import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives events their place in a conversation's sequence, and their ways: to history, to nodes with devices here, and to the user machines that are to be woken or
 * to notify. Every feature that makes events is given it.
 */
public final class Sequencer {
    private final RetentionRules retention;
    private final WakeRules wakes;
    private final NotifyRules notify;

    /**
     * @param retention how long events are kept
     * @param wakes which user machines an event wakes
     * @param notify which user machines are told what can be shown of it
     */
    public Sequencer(RetentionRules retention, WakeRules wakes, NotifyRules notify) {
        this.retention = retention;
        this.wakes = wakes;
        this.notify = notify;
    }

    /** The seq after the head and the sequenced changes already decided. */
    public int nextSeq(Decision decision, ConversationState state) {
        long before = decision.changes().stream()
                .filter(Change.Sequenced.class::isInstance)
                .count();
        return state.head().getSeq() + 1 + (int) before;
    }

    /**
     * Gives the event its place: the next seq after the head and the sequenced changes already decided, a time that never runs
     * backwards, and its way to history and to every node with devices here. The first event of a conversation of two makes it known to both.
     */
    public Decision sequence(
            Decision decision,
            ConversationState state,
            UserId from,
            ChatEvent.Builder event,
            long nowMillis,
            List<String> removed) {
        int seq = nextSeq(decision, state);
        long atMillis = Math.max(nowMillis, state.head().getAtMillis());
        ChatEvent made = event.setSeq(seq)
                .setFrom(from.value())
                .setAt(Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(atMillis, 1000L))
                        .setNanos((int) Math.floorMod(atMillis, 1000L) * 1_000_000))
                .build();
        decision.and(new Change.Sequenced(made)).and(new Effect.Publish(state.id(), made, retention.of(state)));
        Delivery delivery = Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setSeq(seq)
                        .setEvent(made.toByteString())
                        .addAllRemoved(removed))
                .build();
        for (Route route : state.routes()) {
            decision.and(new Effect.Deliver(route.getSlot(), state.id().value(), delivery));
        }
        Notice notice = notify.notice(state, made);
        if (seq == state.head().getSeq() + 1) {
            wakes.event(decision, state, made, notice, nowMillis);
        }
        if (state.id().isDirect() && seq == 1) {
            state.members().forEach(user -> decision.and(begun(state, user, from, made, notice)));
        }
        notify.event(decision, state, made, notice, nowMillis);
        return decision;
    }

    private static Effect begun(
            ConversationState state, UserId user, UserId by, ChatEvent event, @Nullable Notice notice) {
        Notice shown = NotifyRules.of(notice, event.getMentionsList(), user);
        JoinedConversation.Builder joined = JoinedConversation.newBuilder()
                .setConversation(state.id().value())
                .setBy(by.value())
                .setSeq(event.getSeq());
        if (shown != null) {
            joined.setNotice(shown);
        }
        return new Effect.TellUser(
                user, UserCommand.newBuilder().setJoinedConversation(joined).build());
    }
}
