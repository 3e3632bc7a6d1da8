package io.parley.push.sending;

/** How a delivery ended, as far as the log has to know. */
public sealed interface Ending {

    /** Nothing is to be written: it was accepted, replaced, too late, or nobody here can send it. */
    record Settled() implements Ending {}

    /**
     * The user's machine has to know that the token is gone.
     *
     * @param asOfMillis since when, epoch milliseconds
     */
    record TokenGone(long asOfMillis) implements Ending {}

    /**
     * It failed for good: a dead letter.
     *
     * @param reason without a text and without a token
     */
    record Failed(String reason) implements Ending {}
}
