package io.parley.gateway.requesting;

import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.Request;

/** Does what one kind of request asks for. */
public interface RequestHandler {
    /**
     * Handles a request. What comes later comes by the answer, on any thread.
     *
     * @param origin the asking connection
     * @param request of this handler's kind; its request id is set
     * @throws IllegalArgumentException if a name in the request is none; the message may be shown to the device
     */
    void handle(Origin origin, Request request, Answer answer);

    /** Whether it only reads: it changes nothing, and its answer may be large. */
    default boolean onlyReads() {
        return false;
    }
}
