package io.parley.gateway.subscribing;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Subscription;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic filter of a session, with its options.
 *
 * @param meaning what the filter asks for
 * @param options the filter's text and options, as the log keeps them
 */
public record Filter(SubscribeFilter meaning, Subscription options) {
    /** A filter as the log keeps it. */
    public static Filter of(Subscription options, UserId subscriber) {
        return new Filter(SubscribeFilter.parse(options.getFilter(), subscriber), options);
    }

    /** The text by which it is unsubscribed. */
    public String text() {
        return options.getFilter();
    }

    /** 0 or 1. */
    public int qos() {
        return options.getQos();
    }

    /** The subscription identifier; 0: none. */
    public int identifier() {
        return options.getIdentifier();
    }

    /** The one conversation that it names, or null. */
    public @Nullable ConversationId conversation() {
        return meaning instanceof SubscribeFilter.One one ? one.conversation() : null;
    }

    /** Whether it is about all conversations of the user. */
    public boolean isMine() {
        return meaning instanceof SubscribeFilter.Mine;
    }

    /** Whether it is about the user's replies. */
    public boolean isReplies() {
        return meaning instanceof SubscribeFilter.Replies;
    }

    /** The feeds that it asks for; empty when it is about something else. */
    public Set<Feed> feeds() {
        if (meaning instanceof SubscribeFilter.One one) {
            return one.feeds();
        }
        return meaning instanceof SubscribeFilter.Mine mine ? mine.feeds() : Set.of();
    }

    /** The level between {@code chat/} and the feed, as the device wrote it. */
    String conversationLevel() {
        String[] levels = text().split("/", -1);
        return levels.length > 1 ? levels[1] : "";
    }
}
