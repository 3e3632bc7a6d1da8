package io.parley.gateway.publishing;

import io.parley.protocol.WireFormat;

/** The transport's side of one connection that publishes. Every method is called on the connection's shard. */
public interface Publisher {
    /** The encoding of the device's payloads. */
    WireFormat format();

    /** Tells the device the outcome; called in the order in which it published. */
    void acknowledge(Incoming incoming);

    /** By which the engine is asked to answer what becomes of a publication, beside refusals; empty: it is not asked. */
    default String requestId(Incoming incoming) {
        return "";
    }

    /** Whether to read on from the device. Off: what it sends waits in its own system. */
    void read(boolean on);

    /** Ends the connection because what the device publishes cannot be taken now: it is to send it again later. */
    void busy(String reason);

    /** Whether the connection is ending by the server's decision: nothing more is taken from it. */
    boolean isClosing();

    /** Runs a task on the shard later. */
    void later(Runnable task, long millis);

    /** Runs a task on the shard; called on any thread. */
    void onShard(Runnable task);
}
