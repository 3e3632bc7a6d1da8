package io.parley.demo;

import io.parley.protocol.wire.ConversationSummary;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How many messages of others lie behind one's own read pointer and are not deleted: what the server has counted up to some seq, and what
 * came after it. Not thread-safe.
 */
final class Unread {
    /** Every message of somebody else that is known and still there. */
    private final NavigableSet<Integer> foreign = new TreeSet<>();

    private int read;
    private int countedUpTo;
    private int counted;

    /** What the server counted; its pointer and its head may be older than what is known. */
    void take(ConversationSummary summary) {
        int reached = Math.max(read, summary.getRead());
        countedUpTo = summary.getHead();
        counted = summary.getUnread();
        read = summary.getRead();
        read(reached);
    }

    /** Somebody else's message has come, or was found in history. */
    void said(int seq) {
        foreign.add(seq);
    }

    /**
     * A message of somebody else is there no more.
     *
     * @param since the seq of the entry that deleted it: what the server counted may have known of it
     */
    void deleted(int seq, int since) {
        foreign.remove(seq);
        if (seq > read && seq <= countedUpTo && since > countedUpTo) {
            counted = Math.max(0, counted - 1);
        }
    }

    /** Everything up to there was read, on whichever device; a pointer never moves back. */
    void read(int seq) {
        if (seq > read) {
            int known = foreign.subSet(read, false, Math.max(read, Math.min(seq, countedUpTo)), true)
                    .size();
            // What came before this device did is known by number only.
            counted = Math.max(0, Math.min(counted - known, countedUpTo - seq));
            read = seq;
        }
    }

    /** Up to where the user has read. */
    int read() {
        return read;
    }

    int count() {
        return counted + foreign.tailSet(Math.max(read, countedUpTo), false).size();
    }
}
