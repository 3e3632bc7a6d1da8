package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Absence;
import io.parley.protocol.log.Attached;
import java.util.ArrayDeque;
import java.util.Deque;

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
    /** The newest seq that was written. */
    int written;
    /** What was last reported as all that the device needs, so that what comes after it wakes the user machine; -1: nothing. */
    int settled = -1;
    /** When something happened here last. */
    long usedNanos;
    /** Where the device stood when the engine was told that it does not acknowledge; -1: not told. */
    int stalledAt = -1;
    /** The user was no member during these, ascending. The last is open while the user is none. */
    private final Deque<Absence> absences = new ArrayDeque<>();
    /** A read of the store is under way. */
    boolean reading;
    /** How many rows are read at once: few until it is known how large they are. */
    int pageRows = FIRST_PAGE_ROWS;
    /** Reads that found nothing in a row. */
    int emptyReads;

    Progress(ConversationId conversation) {
        this.conversation = conversation;
    }

    /** The next page is to have some {@value #PAGE_BYTES} bytes, by the rows of this one. */
    void sizePages(EventPage page) {
        long bytes = page.events().stream().mapToLong(SequencedEvent::bytes).sum();
        if (bytes > 0) {
            pageRows = (int) Math.max(
                    1, Math.min(MAX_PAGE_ROWS, (long) PAGE_BYTES * page.events().size() / bytes));
        }
    }

    /** The newest seq that may be written now. */
    int reach() {
        return Math.min(head, last());
    }

    private int last() {
        Absence first = absences.peekFirst();
        return first == null ? Integer.MAX_VALUE : first.getFrom() - 1;
    }

    /** Whether the user was removed. */
    boolean isEnding() {
        Absence newest = absences.peekLast();
        return newest != null && newest.getTo() == 0;
    }

    /** Whether the user was removed, and nothing more may be written. */
    boolean isAtEnd() {
        return isEnding() && absences.size() == 1 && next > last();
    }

    /** Whether the user was removed, and the device acknowledged everything that it was to get. */
    boolean isOver() {
        return isAtEnd() && acknowledged >= written;
    }

    /** Whether the device has everything that is known to exist and is kept. */
    boolean isCaughtUp() {
        return state == State.LIVE && !isEnding() && next > head && acknowledged >= written;
    }

    /** Whether the user machine can do without this connection here: it is woken by what comes. */
    boolean isSettled() {
        return isCaughtUp() && settled >= head;
    }

    /** Everything up to here the device has, as far as it is kept. */
    int has() {
        return acknowledged >= written ? next - 1 : acknowledged;
    }

    /** The device has everything up to its user's removal, also if not all of it is kept. */
    void finish() {
        acknowledged = Math.max(acknowledged, last());
    }

    /** The user was removed with that event. */
    void endAt(int seq) {
        if (!isEnding()) {
            absences.addLast(Absence.newBuilder().setFrom(seq + 1).build());
        }
    }

    /** The engine's answer: the device begins, or goes on although it was ending. */
    void attached(Attached answer) {
        head = Math.max(head, answer.getHead());
        if (isEnding() && answer.getAbsencesCount() == 0) {
            // The engine keeps no position of a session that ends with its connection: what is owed is known here
            // alone.
            Absence open = absences.removeLast();
            if (open.getFrom() <= answer.getCursor()) {
                absences.addLast(open.toBuilder().setTo(answer.getCursor()).build());
            }
        } else {
            absences.clear();
            absences.addAll(answer.getAbsencesList());
            next = Math.max(next, answer.getCursor() + 1);
        }
        acknowledged = Math.max(acknowledged, answer.getCursor());
        reported = Math.max(reported, answer.getCursor());
        stepOver();
    }

    /** The device showed that it has everything up to that seq. */
    void claim(int seq) {
        int has = Math.min(seq, head);
        if (has > acknowledged) {
            acknowledged = has;
            next = Math.max(next, has + 1);
            stepOver();
        }
    }

    /** Steps over the times in which the user was no member, when everything before them was written. */
    void stepOver() {
        while (!absences.isEmpty() && absences.getFirst().getTo() > 0 && next > last()) {
            next = Math.max(next, absences.removeFirst().getTo() + 1);
        }
    }
}
