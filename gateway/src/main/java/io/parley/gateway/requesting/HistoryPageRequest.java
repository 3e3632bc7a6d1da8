package io.parley.gateway.requesting;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletionStage;

/** A page of a conversation's history. */
final class HistoryPageRequest extends ReadRequest {
    private static final int MAX_PAGE = 200;

    private final Reads reads;

    HistoryPageRequest(Reads reads, Outages outages) {
        super(outages);
        this.reads = reads;
    }

    @Override
    String fault(Request request) {
        HistoryRequest history = request.getHistory();
        if (history.hasAfter() && history.hasBefore()) {
            return "at most one of after and before";
        }
        return Integer.compareUnsigned(history.getLimit(), MAX_PAGE) > 0 ? "limit is 200 at most" : "";
    }

    @Override
    CompletionStage<Reads.Found> read(Origin origin, Request request) {
        HistoryRequest history = request.getHistory();
        return reads.history(UserId.parse(origin.getUser()), ConversationId.parse(history.getConversation()), history);
    }
}
