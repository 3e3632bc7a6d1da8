package io.parley.gateway.requesting;

import io.parley.gateway.requesting.OpenRequests.Asked;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Reply;

/** The transport's side of one connection that asks. Every method but {@link #onShard} is called on the connection's shard. */
public interface AnswerQueue {
    /** The encoding of the device's payloads. */
    WireFormat format();

    /** The most bytes that the conversations of an answer may have in that encoding. */
    int listBytes(Asked to);

    /** The requests that wait for an answer from the engine. */
    OpenRequests requests();

    /** Sends an answer of the node's own to one of these. */
    void answer(Asked to, Reply reply);

    /** Starts a read, which {@link #readAnswer} ends, now or when there is room for its answer; false when too many wait. */
    boolean read(Runnable start);

    /**
     * Sends what was read.
     *
     * @param written run when it has been written, or cannot be; may be run more than once
     */
    void readAnswer(Asked to, Reply reply, Runnable written);

    /** Runs a task on the shard; called on any thread. */
    void onShard(Runnable task);
}
