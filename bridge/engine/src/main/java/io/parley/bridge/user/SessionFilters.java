package io.parley.bridge.user;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The filters that one session of a device subscribed to. */
public interface SessionFilters {
    /** How many there are. */
    int count();

    /** Whether the filter stands. */
    boolean has(String filter);

    /** The first of them, in an order that stays. */
    List<Subscription> first(int limit);

    /** What the session wants of every conversation of its user. */
    Set<Feed> everywhere();

    /** What the session wants of that conversation, by its name and as one of all. */
    Set<Feed> in(ConversationId conversation);

    /** The conversations that filters name, and what those filters want of them. */
    Map<ConversationId, Set<Feed>> named();
}
