package io.parley.bridge;

import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Reply;

/** Answers to the connection that a command came from. */
public final class Replies {
    private Replies() {}

    /** {@code {"requestId":…,"ok":{}}}. */
    public static Effect ok(Origin origin, String requestId) {
        return to(origin, Reply.newBuilder().setRequestId(requestId).setOk(Nothing.getDefaultInstance()));
    }

    /** An error; the request id may be empty. */
    public static Effect error(Origin origin, String requestId, Error.Builder error) {
        return to(origin, Reply.newBuilder().setRequestId(requestId).setError(error));
    }

    /** An error's text and code. */
    public static Error.Builder refusal(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message);
    }

    /** Any answer. */
    public static Effect to(Origin origin, Reply.Builder reply) {
        return new Effect.Deliver(
                origin.getNode().getSlot(),
                origin.getUser(),
                Delivery.newBuilder()
                        .setEpoch(origin.getNode().getEpoch())
                        .setReply(ReplyDelivery.newBuilder()
                                .setUser(origin.getUser())
                                .setDevice(origin.getDevice())
                                .setConnection(origin.getConnection())
                                .setReply(reply))
                        .build());
    }
}
