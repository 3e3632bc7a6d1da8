package io.parley.audit;

import java.util.Locale;

/** The ways in which a conversation can go wrong. */
public enum Anomaly {
    /** Acknowledged to its sender, and not in history. */
    LOST,
    /** A member's device never received an entry that it was to receive. */
    UNSEEN,
    /** One message id with two seqs, or one seq twice on one connection. */
    DUPLICATE,
    /**
     * A device received an entry on a later connection although it had acknowledged it: more than two seconds before the connection was
     * cut, or before it left in order.
     */
    REPEAT,
    /** A seq is missing between two others, in history or on one connection. */
    GAP,
    /** A lower seq after a higher one on one connection, or in history. */
    INVERSION,
    /** Two devices, or a device and history, disagree about a seq; or what was kept is not what was sent. */
    DIVERGENCE,
    /** A message that nobody sent. */
    PHANTOM,
    /** Somebody received what was said while they were no member. */
    LEAK,
    /** A receipt with a lower pointer after one with a higher. */
    RECEIPT_BACK,
    /** A receipt for what none of the user's devices had acknowledged, or said to have read. */
    RECEIPT_FALSE,
    /** A device was never told how far a user has come. */
    RECEIPT_MISSING,
    /** No notification of a message was accepted for a device that was away, and none of a newer one. */
    NOT_PUSHED,
    /** Two notifications of a message were accepted for one device, although the push service was not struck. */
    PUSHED_TWICE,
    /** Who is there is shown as gone, or the other way round, when there was time to tell it. */
    PRESENCE_FALSE,
    /** Somebody is shown to type who does not, or to themselves. */
    TYPING_FALSE;

    /** The name as reports print it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
