package io.parley.gateway.requesting;

import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.ListingRequest;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Request;

/**
 * A page of the user's conversations. The engine answers, and its answer comes in parts.
 *
 * @param node gathers the parts
 */
record ConversationListRequest(DeliveryNode node) implements RequestHandler {
    private static final int MAX_PAGE = 1000;

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        ListConversations page = request.getListConversations();
        if (Integer.compareUnsigned(page.getLimit(), MAX_PAGE) > 0) {
            answer.refuse(request, "limit is 1,000 at most");
            return;
        }
        if (!page.getAfter().isEmpty()) {
            // Where a page goes on is the last conversation of the one before.
            ConversationId.parse(page.getAfter());
        }
        answer.taken(null);
        node.list(
                origin,
                new ListingRequest(request.getRequestId(), page, answer.format(), answer.listBytes()),
                answer::reply);
    }
}
