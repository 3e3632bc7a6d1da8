package io.parley.bridge.user;

import io.parley.bridge.Effect;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import java.util.List;

/** Which conversations a user is in, a page at a time. What each of them is, the node asks it itself. */
final class ListingRules {
    /** The most conversations of a page: their names fit into one record. */
    static final int MAX_PAGE = 1000;

    private ListingRules() {}

    static UserDecision list(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        int asked = command.getListConversations().getLimit();
        int limit = asked < 1 ? MAX_PAGE : Math.min(asked, MAX_PAGE);
        List<ConversationId> found =
                state.conversations(command.getListConversations().getAfter(), limit + 1);
        Listed.Builder page = Listed.newBuilder()
                .setConnection(origin.getConnection())
                .setRequestId(command.getRequestId())
                .setMore(found.size() > limit);
        List<ConversationId> listed = found.subList(0, Math.min(limit, found.size()));
        listed.forEach(conversation -> page.addConversations(conversation.value()));
        page.addAllMuted(MuteRules.among(state, listed, nowMillis));
        return UserDecision.none()
                .and(new Effect.Deliver(
                        origin.getNode().getSlot(),
                        origin.getUser(),
                        Delivery.newBuilder()
                                .setEpoch(origin.getNode().getEpoch())
                                .setListed(page)
                                .build()));
    }
}
