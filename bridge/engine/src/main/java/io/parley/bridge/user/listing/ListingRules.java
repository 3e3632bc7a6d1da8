package io.parley.bridge.user.listing;

import io.parley.bridge.Effect;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.push.MuteRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which conversations a user is in, a page at a time, and what is unread in all of them. What each of them is, the node asks it itself. */
public final class ListingRules implements UserHandlers.Feature {
    /** The most conversations of a page: their names fit into one record. */
    static final int MAX_PAGE = 1000;

    /** The most conversations that are asked what is unread although they are not on the page. Their names fit into the same record. */
    static final int MAX_UNCERTAIN = 1000;

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.LIST_CONVERSATIONS, ListingRules::list);
    }

    public static UserDecision list(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        int asked = command.getListConversations().getLimit();
        int limit = asked < 1 ? MAX_PAGE : Math.min(asked, MAX_PAGE);
        List<ConversationId> found =
                state.conversations(command.getListConversations().getAfter(), limit + 1);
        Listed.Builder page = Listed.newBuilder()
                .setConnection(origin.getConnection())
                .setRequestId(command.getRequestId())
                .setMore(found.size() > limit);
        List<ConversationId> listed = found.stream().limit(limit).toList();
        listed.forEach(conversation -> page.addConversations(conversation.value()));
        page.addAllMuted(MuteRules.among(state, listed, nowMillis));
        count(page, state, listed);
        return UserDecision.none()
                .and(new Effect.Deliver(
                        origin.getNode().getSlot(),
                        origin.getUser(),
                        Delivery.newBuilder()
                                .setEpoch(origin.getNode().getEpoch())
                                .setListed(page)
                                .build()));
    }

    /** Of a conversation that moved, only itself knows what is unread. If there are too many of them, what it told last counts. */
    private static void count(Listed.Builder page, UserState state, List<ConversationId> listed) {
        Map<ConversationId, UnreadCount> unread = state.unread();
        Set<ConversationId> moved = new LinkedHashSet<>();
        state.moved().forEach((conversation, how) -> {
            if (!how.getCounted()) {
                moved.add(conversation);
            }
        });
        for (ConversationId conversation : listed) {
            page.addUnread(moved.contains(conversation) ? 0 : 1 + count(unread, conversation));
        }
        Set<ConversationId> known = new HashSet<>(listed);
        List<ConversationId> uncertain = moved.stream()
                .filter(conversation -> !known.contains(conversation))
                .limit(MAX_UNCERTAIN)
                .toList();
        known.addAll(uncertain);
        uncertain.forEach(conversation -> page.addUncertain(conversation.value()));
        page.setUnreadElsewhere(unread.entrySet().stream()
                .filter(entry -> !known.contains(entry.getKey()))
                .mapToInt(entry -> entry.getValue().getUnread())
                .sum());
    }

    private static int count(Map<ConversationId, UnreadCount> unread, ConversationId conversation) {
        return unread.getOrDefault(conversation, UnreadCount.getDefaultInstance())
                .getUnread();
    }
}
