package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;

/**
 * One device in one conversation: which event comes next, and up to where the conversation is known to reach.
 *
 * <pre>
 * Attached ──▶ BEHIND ◀──window full, event missing── LIVE
 *                 └────── next > head: caught up ───────▲
 * </pre>
 */
final class Progress {
    enum State {
        BEHIND,
        LIVE
    }

    private static final int FIRST_PAGE_ROWS = 10;
    private static final int MAX_PAGE_ROWS = 100;
    private static final int PAGE_BYTES = 1 << 20;

    final ConversationId conversation;
    /** Of all that asks for the messages: 0 or 1. */
    int qos;

    State state = State.LIVE;
    /** The seq that is to be written next. */
    int next = 1;
    /** The newest seq that is known to exist. */
    int head;
    /** An earlier connection of the session may have been sent everything up to here. */
    int sentBefore;
    /** Everything up to here was acknowledged. */
    int acknowledged;
    /** What was last reported to the engine. */
    int reported;
    /** No event beyond this one may be written: the user was removed there. */
    int last = Integer.MAX_VALUE;
    /** The user was added again before everything up to {@link #last} was written: it goes on here after that. 0: not so. */
    int rejoinsAt;
    /** A read of the store is under way. */
    boolean reading;
    /** How many rows are read at once: few until it is known how large they are. */
    int pageRows = FIRST_PAGE_ROWS;
    /** Reads that found nothing in a row. */
    int emptyReads;

    Progress(ConversationId conversation, int qos) {
        this.conversation = conversation;
        this.qos = qos;
    }

    /** The next page is to have some {@value #PAGE_BYTES} bytes, by the rows of this one. */
    void sizePages(EventPage page) {
        long bytes = page.events().stream().mapToLong(SequencedEvent::bytes).sum();
        if (bytes > 0) {
            pageRows = (int) Math.max(
                    1, Math.min(MAX_PAGE_ROWS, (long) PAGE_BYTES * page.events().size() / bytes));
        }
    }

    /** Whether the user was removed. */
    boolean isEnding() {
        return last < Integer.MAX_VALUE && rejoinsAt == 0;
    }

    boolean isOver() {
        return next > last && rejoinsAt == 0;
    }

    /** The user was removed with that event. */
    void endAt(int seq) {
        last = Math.min(last, seq);
        rejoinsAt = 0;
    }

    /** The user was removed and added again: what came before the removal is still owed, what came between is not. */
    void rejoin(int seq) {
        if (last < Integer.MAX_VALUE && next <= last && seq > last) {
            rejoinsAt = seq;
        } else {
            last = Integer.MAX_VALUE;
            next = Math.max(next, seq);
        }
    }

    /** Steps over the time in which the user was no member, when everything before it was written. */
    void stepOver() {
        if (rejoinsAt > 0 && next > last) {
            next = rejoinsAt;
            rejoinsAt = 0;
            last = Integer.MAX_VALUE;
        }
    }
}
