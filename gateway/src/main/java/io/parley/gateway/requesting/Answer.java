package io.parley.gateway.requesting;

import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import org.jspecify.annotations.Nullable;

/** Where the outcome of one request goes. Every method may be called on any thread. */
public interface Answer {
    /** The request is in safe hands (null), or could not be taken. Called once, before or after the reply. */
    void taken(@Nullable Exception failure);

    /** How the device's answers are encoded. */
    WireFormat format();

    /** The most bytes that the conversations of an answer may have in that encoding. */
    int listBytes();

    /** The answer, if it does not come from the engine. */
    void reply(Reply reply);

    /**
     * The answer, likewise.
     *
     * @param written run when it has been written, or cannot be
     */
    default void reply(Reply reply, Runnable written) {
        reply(reply);
        written.run();
    }

    /**
     * Refuses what is no request that can be handled.
     *
     * @param request what could be read of it: its request id
     * @param reason one line that may be shown to the device
     */
    default void refuse(Request request, String reason) {
        refuse(request, ErrorCode.BAD_REQUEST, reason);
    }

    /** Refuses a request with an error of that code, likewise. */
    default void refuse(Request request, ErrorCode code, String reason) {
        taken(null);
        reply(error(request, code, reason));
    }

    /** The reply that tells of an error. */
    static Reply error(Request request, ErrorCode code, String reason) {
        return Reply.newBuilder()
                .setRequestId(request.getRequestId())
                .setError(Error.newBuilder().setCode(code).setMessage(reason))
                .build();
    }
}
