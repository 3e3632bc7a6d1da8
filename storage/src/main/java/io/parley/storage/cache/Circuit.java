package io.parley.storage.cache;

/**
 * Whether a server that may be out is asked. It is not asked after some failures in a row, until a pause is over and a first question, of which there is one
 * at a time, has been answered. Has no clock of its own: all times are those of one that never goes back, in nanoseconds.
 */
final class Circuit {
    private final int failuresInARow;
    private final long pauseNanos;
    private int failures;
    private boolean open;
    private boolean trying;
    private long tryAtNanos;

    /**
     * Begins without a connection: the first thing to do is to try.
     *
     * @param failuresInARow after so many it opens
     * @param pauseNanos from then on until the next try
     */
    Circuit(int failuresInARow, long pauseNanos, long nowNanos) {
        this.failuresInARow = failuresInARow;
        this.pauseNanos = pauseNanos;
        this.open = true;
        this.tryAtNanos = nowNanos;
    }

    /** Whether questions may be asked. */
    synchronized boolean isClosed() {
        return !open;
    }

    /** True for one caller when it is time for a try, which is to end with {@link #tried}. */
    synchronized boolean beginsTry(long nowNanos) {
        if (!open || trying || nowNanos - tryAtNanos < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    synchronized void tried(boolean success, long nowNanos) {
        trying = false;
        open = !success;
        failures = 0;
        tryAtNanos = nowNanos + pauseNanos;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    /** The connection is gone: nothing is to be asked until there is another. */
    synchronized void broke(long nowNanos) {
        open = true;
        tryAtNanos = nowNanos + pauseNanos;
    }

    /** A question had no answer; true if this opened the circuit. */
    synchronized boolean failed(long nowNanos) {
        if (open || ++failures < failuresInARow) {
            return false;
        }
        open = true;
        tryAtNanos = nowNanos + pauseNanos;
        return true;
    }
}
