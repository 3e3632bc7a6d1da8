package io.parley.gateway.subscribing;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one session: each as the device wrote it, until that very filter is unsubscribed. What is wanted of a conversation is
 * the union of those that match it. On its shard.
 */
public final class Filters {
    /** The most filters that name a conversation. */
    public static final int MAX_NAMED = 2000;

    private final Map<String, Filter> all = new LinkedHashMap<>();
    private final Map<ConversationId, Map<String, Filter>> named = new HashMap<>();
    private final Map<String, Filter> mine = new HashMap<>();
    private final Map<String, Filter> replies = new HashMap<>();
    private EnumSet<Feed> everywhere = EnumSet.noneOf(Feed.class);

    /** Whether there is no room for that filter. */
    public boolean isFull(String text) {
        return all.size() - mine.size() - replies.size() >= MAX_NAMED && !all.containsKey(text);
    }

    /** Adds a filter; returns the one of the same text that it replaces, or null. */
    public @Nullable Filter put(Filter filter) {
        Filter before = all.put(filter.text(), filter);
        ConversationId conversation = filter.conversation();
        if (conversation != null) {
            named.computeIfAbsent(conversation, key -> new HashMap<>()).put(filter.text(), filter);
        } else if (filter.isMine()) {
            mine.put(filter.text(), filter);
            everywhere = union(mine.values().stream());
        } else {
            replies.put(filter.text(), filter);
        }
        return before;
    }

    /** Removes a filter; returns it, or null if there is none of that text. */
    public @Nullable Filter remove(String text) {
        Filter filter = all.remove(text);
        if (filter == null) {
            return null;
        }
        ConversationId conversation = filter.conversation();
        if (conversation != null) {
            named.computeIfPresent(conversation, (key, others) -> {
                others.remove(text);
                return others.isEmpty() ? null : others;
            });
        } else if (mine.remove(text) != null) {
            everywhere = union(mine.values().stream());
        } else {
            replies.remove(text);
        }
        return filter;
    }

    /** Whether that very filter stands, with those options. */
    public boolean stands(Filter filter) {
        return filter.equals(all.get(filter.text()));
    }

    /** Puts back what stood before a filter that was not granted, if that filter still stands. */
    public void restore(Filter refused, @Nullable Filter before) {
        if (stands(refused)) {
            remove(refused.text());
            if (before != null) {
                put(before);
            }
        }
    }

    /** All filters, in the order in which they came. */
    public List<Filter> all() {
        return List.copyOf(all.values());
    }

    /** What is wanted of all conversations; may be empty. */
    public Set<Feed> everywhere() {
        return everywhere;
    }

    /** The conversations that filters name. */
    public Set<ConversationId> named() {
        return named.keySet();
    }

    public boolean wants(ConversationId conversation, Feed feed) {
        return everywhere.contains(feed) || names(conversation, feed);
    }

    /** Whether a filter that names the conversation asks for that feed. */
    public boolean names(ConversationId conversation, Feed feed) {
        return named(conversation).anyMatch(filter -> filter.feeds().contains(feed));
    }

    /** Everything that is wanted of a conversation. */
    public Set<Feed> feeds(ConversationId conversation) {
        return union(matching(conversation));
    }

    /** The QoS of a conversation's messages, the greatest that is asked for: 0 or 1; -1 when nothing asks for them. */
    public int qos(ConversationId conversation) {
        return matching(conversation)
                .filter(filter -> filter.feeds().contains(Feed.MSG))
                .mapToInt(Filter::qos)
                .max()
                .orElse(-1);
    }

    /** The greatest QoS of the filters of the user's replies; empty without such a filter. */
    public OptionalInt replies() {
        return replies.values().stream().mapToInt(Filter::qos).max();
    }

    /** How something of a conversation's feed is addressed to the device. */
    public Address address(ConversationId conversation, Feed feed) {
        Address address = new Address(conversation.value(), List.of());
        if (all.size() == mine.size() + replies.size() && mine.values().stream().noneMatch(f -> f.identifier() != 0)) {
            return address;
        }
        List<Filter> matching = matching(conversation)
                .filter(filter -> filter.feeds().contains(feed))
                .toList();
        return new Address(
                level(conversation, matching),
                matching.stream()
                        .map(Filter::identifier)
                        .filter(identifier -> identifier != 0)
                        .distinct()
                        .toList());
    }

    /** The identifiers of the filters of the user's replies. */
    public List<Integer> replyIdentifiers() {
        return replies.values().stream()
                .map(Filter::identifier)
                .filter(identifier -> identifier != 0)
                .distinct()
                .toList();
    }

    /** A device that named the conversation only by its partner is answered under that name: a topic must match its filter. */
    private static String level(ConversationId conversation, Collection<Filter> matching) {
        String partner = "";
        for (Filter filter : matching) {
            String level = filter.conversationLevel();
            if (level.equals(conversation.value())) {
                return level;
            }
            if (level.startsWith("@")) {
                partner = level;
            }
        }
        return partner.isEmpty() ? conversation.value() : partner;
    }

    private Stream<Filter> matching(ConversationId conversation) {
        return Stream.concat(named(conversation), mine.values().stream());
    }

    private Stream<Filter> named(ConversationId conversation) {
        return named.getOrDefault(conversation, Map.of()).values().stream();
    }

    private static EnumSet<Feed> union(Stream<Filter> filters) {
        EnumSet<Feed> feeds = EnumSet.noneOf(Feed.class);
        filters.forEach(filter -> feeds.addAll(filter.feeds()));
        return feeds;
    }
}
