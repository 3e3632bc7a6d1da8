package io.parley.protocol;

import java.util.EnumSet;
import java.util.Set;

/** What a device may subscribe to: the grammar of {@code chat/…} and {@code user/…} topic filters. */
public sealed interface SubscribeFilter {
    /** The longest filter that a session keeps, in characters: longer than any about a conversation or a user. */
    int MAX_LENGTH = 1_024;

    /** Whether no session keeps the filter, because of its length. */
    static boolean isTooLong(String filter) {
        return filter.codePointCount(0, filter.length()) > MAX_LENGTH;
    }

    /** One conversation's feeds. */
    record One(ConversationId conversation, Set<Feed> feeds) implements SubscribeFilter {}

    /** The feeds of all conversations of the subscriber, now and later. */
    record Mine(Set<Feed> feeds) implements SubscribeFilter {}

    /** {@code user/{user}/reply}. */
    record Replies(UserId user) implements SubscribeFilter {}

    /** Below {@code chat} or {@code user}, but nothing one can subscribe to. */
    record Unknown() implements SubscribeFilter {}

    /** Not ours: ordinary MQTT. */
    record Ordinary() implements SubscribeFilter {}

    /**
     * Reads a topic filter; never throws.
     *
     * @param filter the filter of a SUBSCRIBE or UNSUBSCRIBE
     * @param subscriber who {@code @bob} is relative to
     */
    static SubscribeFilter parse(String filter, UserId subscriber) {
        if (!PublishTopic.isOurs(filter)) {
            return new Ordinary();
        }
        String[] levels = filter.split("/", -1);
        try {
            if (levels[0].equals("user")) {
                return replies(levels, subscriber);
            }
            if (filter.equals("chat/#")) {
                return new Mine(EnumSet.allOf(Feed.class));
            }
            if (levels.length != 3) {
                return new Unknown();
            }
            Set<Feed> feeds = feeds(levels[2]);
            if (feeds.isEmpty()) {
                return new Unknown();
            }
            if (levels[1].equals("+")) {
                return new Mine(feeds);
            }
            return new One(conversation(levels[1], subscriber), feeds);
        } catch (IllegalArgumentException outsideTheGrammar) {
            return new Unknown();
        }
    }

    private static SubscribeFilter replies(String[] levels, UserId subscriber) {
        if (levels.length == 3 && (levels[2].equals("reply") || levels[2].equals("#"))) {
            return new Replies(levels[1].equals("+") ? subscriber : UserId.parse(levels[1]));
        }
        return new Unknown();
    }

    private static Set<Feed> feeds(String level) {
        if (level.equals("#") || level.equals("+")) {
            return EnumSet.allOf(Feed.class);
        }
        Feed feed = Feed.ofLevel(level);
        return feed == null ? EnumSet.noneOf(Feed.class) : EnumSet.of(feed);
    }

    private static ConversationId conversation(String level, UserId subscriber) {
        return level.startsWith("@")
                ? ConversationId.direct(subscriber, UserId.parse(level.substring(1)))
                : ConversationId.parse(level);
    }
}
