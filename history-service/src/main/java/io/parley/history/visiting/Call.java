package io.parley.history.visiting;

import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletableFuture;

/**
 * One request on its way.
 *
 * @param request as the user wrote it
 * @param format the encoding of the answer
 * @param listBytes the most bytes that the conversations of the answer may have in that encoding
 * @param answer where the answer goes
 */
record Call(Request request, WireFormat format, int listBytes, CompletableFuture<Answered> answer) {
    /** Answers; what nobody waits for any more counts as written. */
    void settle(Answered answered) {
        Answered named = new Answered(
                answered.reply().toBuilder()
                        .setRequestId(request.getRequestId())
                        .build(),
                answered.written());
        if (!answer.complete(named)) {
            answered.written().run();
        }
    }
}
