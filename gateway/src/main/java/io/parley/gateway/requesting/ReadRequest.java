package io.parley.gateway.requesting;

import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletionStage;

/** A request that storage answers. It changes nothing, so it is taken before it is done. */
abstract class ReadRequest implements RequestHandler {
    private final Outages outages;

    ReadRequest(Outages outages) {
        this.outages = outages;
    }

    /** Reads the answer; its request id is set by the caller. */
    abstract CompletionStage<Reads.Found> read(Origin origin, Request request);

    @Override
    public final boolean onlyReads() {
        return true;
    }

    /** Why the request cannot be answered, one line that may be shown to the device; empty when it can. */
    String fault(Request request) {
        return "";
    }

    @Override
    public final void handle(Origin origin, Request request, Answer answer) {
        String fault = fault(request);
        if (!fault.isEmpty()) {
            answer.refuse(request, fault);
            return;
        }
        CompletionStage<Reads.Found> reading = read(origin, request);
        answer.taken(null);
        var unused = reading.whenComplete((found, failure) -> {
            if (failure == null) {
                answer.reply(
                        found.reply().toBuilder()
                                .setRequestId(request.getRequestId())
                                .build(),
                        found.written());
            } else {
                outages.report("storage", failure);
                answer.reply(Answer.error(request, ErrorCode.UNAVAILABLE, "try again later"));
            }
        });
    }
}
