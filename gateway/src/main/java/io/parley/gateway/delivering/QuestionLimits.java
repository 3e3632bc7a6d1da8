package io.parley.gateway.delivering;

import java.util.concurrent.atomic.AtomicInteger;

/** How many questions of a node's connections may wait for the engine's answer. A SUBSCRIBE beyond it waits before it asks. */
public final class QuestionLimits {
    private final int ofConnection;
    private final int ofNode;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param ofConnection that wait, of one connection
     * @param ofNode that wait, of all connections
     */
    public QuestionLimits(int ofConnection, int ofNode) {
        this.ofConnection = ofConnection;
        this.ofNode = ofNode;
    }

    /** Whether a connection on which so many wait may ask so many more. More than the limit may be asked where none waits. */
    boolean allow(int more, int waitingOfConnection) {
        int waitingOfNode = waiting.get();
        return (waitingOfConnection == 0 || (long) waitingOfConnection + more <= ofConnection)
                && (waitingOfNode == 0 || (long) waitingOfNode + more <= ofNode);
    }

    void asked() {
        waiting.incrementAndGet();
    }

    void answered(int questions) {
        waiting.addAndGet(-questions);
    }

    /** Questions that wait, of all connections. */
    public int waiting() {
        return waiting.get();
    }
}
