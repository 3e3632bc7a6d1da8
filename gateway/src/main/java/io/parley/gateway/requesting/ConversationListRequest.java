package io.parley.gateway.requesting;

import io.parley.protocol.UserId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletionStage;

/** The user's conversations. */
final class ConversationListRequest extends ReadRequest {
    private final Reads reads;

    ConversationListRequest(Reads reads, Outages outages) {
        super(outages);
        this.reads = reads;
    }

    @Override
    CompletionStage<Reads.Found> read(Origin origin, Request request) {
        return reads.conversations(UserId.parse(origin.getUser()));
    }
}
