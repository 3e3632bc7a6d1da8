package io.parley.delivery;

import io.parley.protocol.ConversationId;

/**
 * One device in one conversation: which event comes next, and up to where the conversation is known to reach.
 *
 * <pre>
 * Attached ──▶ BEHIND ◀──window full, event missing── LIVE
 *                 └────── next > head: caught up ───────▲
 * </pre>
 */
final class Subscription {
    enum State {
        BEHIND,
        LIVE
    }

    final ConversationId conversation;
    /** Of all that asks for the messages: 0 or 1. */
    int qos;

    State state = State.LIVE;
    /** The seq that is to be written next. */
    int next = 1;
    /** The newest seq that is known to exist. */
    int head;
    /** Everything up to here was acknowledged. */
    int acknowledged;
    /** What was last reported to the engine. */
    int reported;
    /** No event beyond this one may be written: the user was removed there. */
    int last = Integer.MAX_VALUE;
    /** A read of the store is under way. */
    boolean reading;
    /** Reads that found nothing in a row. */
    int emptyReads;

    Subscription(ConversationId conversation, int qos) {
        this.conversation = conversation;
        this.qos = qos;
    }

    /** Whether the user was removed. */
    boolean isEnding() {
        return last < Integer.MAX_VALUE;
    }

    boolean isOver() {
        return next > last;
    }
}
