package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one connection subscribed to: each topic filter as the device wrote it, until that very filter is unsubscribed. What is wanted of a
 * conversation is the union of those that match it. On its shard.
 */
final class Filters {
    /** The most filters that name a conversation. */
    static final int MAX_NAMED = 2000;

    /** What a filter asks for, of one conversation or (null) of all of the user's. */
    record Wish(@Nullable ConversationId conversation, Set<Feed> feeds, int qos) {}

    private final Map<String, Wish> wishes = new HashMap<>();
    private final Map<ConversationId, Map<String, Wish>> named = new HashMap<>();
    private final Map<String, Wish> mine = new HashMap<>();
    private EnumSet<Feed> everywhere = EnumSet.noneOf(Feed.class);

    /** Whether there is no room for that filter. */
    boolean isFull(String filter) {
        return wishes.size() - mine.size() >= MAX_NAMED && !wishes.containsKey(filter);
    }

    /** Takes a filter; returns what the same one asked for before, or null. */
    @Nullable
    Wish put(String filter, Wish wish) {
        Wish before = wishes.put(filter, wish);
        ConversationId conversation = wish.conversation();
        if (conversation != null) {
            named.computeIfAbsent(conversation, key -> new HashMap<>()).put(filter, wish);
        } else {
            mine.put(filter, wish);
            everywhere = union(mine.values().stream());
        }
        return before;
    }

    /** Takes a filter out; returns what it asked for, or null if there is no such filter. */
    @Nullable
    Wish remove(String filter) {
        Wish wish = wishes.remove(filter);
        ConversationId conversation = wish == null ? null : wish.conversation();
        if (conversation != null) {
            named.computeIfPresent(conversation, (key, others) -> {
                others.remove(filter);
                return others.isEmpty() ? null : others;
            });
        } else if (mine.remove(filter) != null) {
            everywhere = union(mine.values().stream());
        }
        return wish;
    }

    /** Takes a filter out if that is still what it asks for. */
    void remove(String filter, Wish wish) {
        if (wish.equals(wishes.get(filter))) {
            remove(filter);
        }
    }

    /** What is wanted of all conversations; may be empty. */
    Set<Feed> everywhere() {
        return everywhere;
    }

    /** The conversations that filters name. */
    Set<ConversationId> named() {
        return named.keySet();
    }

    boolean wants(ConversationId conversation, Feed feed) {
        return everywhere.contains(feed)
                || named(conversation).anyMatch(wish -> wish.feeds().contains(feed));
    }

    /** Everything that is wanted of a conversation. */
    Set<Feed> feeds(ConversationId conversation) {
        return union(matching(conversation));
    }

    /** The QoS of a conversation's messages, the greatest that is asked for: 0 or 1; -1 when nothing asks for them. */
    int qos(ConversationId conversation) {
        return matching(conversation)
                .filter(wish -> wish.feeds().contains(Feed.MSG))
                .mapToInt(Wish::qos)
                .max()
                .orElse(-1);
    }

    private Stream<Wish> matching(ConversationId conversation) {
        return Stream.concat(named(conversation), mine.values().stream());
    }

    private Stream<Wish> named(ConversationId conversation) {
        return named.getOrDefault(conversation, Map.of()).values().stream();
    }

    private static EnumSet<Feed> union(Stream<Wish> wishes) {
        EnumSet<Feed> feeds = EnumSet.noneOf(Feed.class);
        wishes.forEach(wish -> feeds.addAll(wish.feeds()));
        return feeds;
    }
}
