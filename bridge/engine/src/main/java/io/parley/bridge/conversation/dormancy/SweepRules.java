package io.parley.bridge.conversation.dormancy;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Overdue;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.unread.UnreadRules;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import java.time.Duration;

/**
 * When rows whose window is over are dropped: a while after an event, and then as often as that while something is said. When nothing was said for so
 * long, the conversation is dormant: only its head is left of what was said, beside what somebody has not read. Nothing brings it back but the next event.
 */
public final class SweepRules implements ConversationHandlers.Feature {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final long windowMillis;
    private final RetentionRules retention;

    /** @param window from the last event on */
    public SweepRules(Duration window, RetentionRules retention) {
        this.windowMillis = window.toMillis();
        this.retention = retention;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.SWEEP_CONVERSATION, (state, command, nowMillis) -> sweep(state, nowMillis));
    }

    /** Adds to a decision that writes rows which end when rows are dropped next, if that is not known. */
    public Decision follow(ConversationState state, Decision decision, long nowMillis) {
        boolean ends = decision.changes().stream()
                .anyMatch(change -> change instanceof Change.Sequenced || change instanceof Change.IdTaken);
        return ends && state.head().getSweepDueMillis() == 0
                ? decision.and(new Change.SweepSet(nowMillis + windowMillis, "", 0))
                : decision;
    }

    /** Drops some, and says when it goes on. */
    private Decision sweep(ConversationState state, long nowMillis) {
        Head head = state.head();
        Decision decision = Decision.none();
        if (head.getSweepDueMillis() == 0 || head.getSweepDueMillis() > nowMillis) {
            return decision;
        }
        boolean dormant = head.getAtMillis() + windowMillis <= nowMillis;
        int through = !dormant ? 0 : head.getSwept().isEmpty() ? readByAll(state) : head.getSweepThrough();
        Overdue slice = state.sweep(
                head.getSwept(),
                new Overdue.Windows(nowMillis, UnreadRules.since(retention.of(state), nowMillis), through));
        if (!slice.keys().isEmpty()) {
            decision.and(new Change.RowsDropped(slice.keys()));
        }
        if (!slice.last().isEmpty()) {
            return decision.and(new Change.SweepSet(nowMillis, slice.last(), through));
        }
        boolean over = dormant && !slice.more();
        return decision.and(new Change.SweepSet(over ? 0 : nowMillis + again(dormant), "", 0));
    }

    /** What is left of a dormant conversation may need longer than the window. */
    private long again(boolean dormant) {
        return dormant ? Math.max(windowMillis, DAY_MILLIS) : windowMillis;
    }

    /** Up to where every member has read, or did not see it. */
    private static int readByAll(ConversationState state) {
        int all = state.head().getSeq();
        for (UserId user : state.members()) {
            Member member = state.member(user);
            int joined = member == null ? 1 : member.getJoined();
            all = Math.min(all, Math.max(state.pointers(user).getRead(), joined - 1));
        }
        return all;
    }
}
