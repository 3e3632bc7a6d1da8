package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.storage.cache.RecentMessages;
import io.parley.storage.cache.Wanted;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Replays from the messages table, recent ones from a cache: what was edited as it was, with the edit to follow; what was deleted not at all. Asks nobody
 * about rights.
 */
public final class CassandraEventStore {
    /** Seqs that one read goes through. */
    private static final long MAX_STRETCH = 20L * Buckets.SIZE;

    private final MessageRows messages;
    private final RecentMessages recent;

    /**
     * What was found.
     *
     * @param through up to here nothing else will come
     */
    private record Stretch(List<StoredMessage> found, int through) {
        EventPage page() {
            return new EventPage(found.stream().map(StoredMessage::event).toList(), through);
        }
    }

    /** Without a cache; prepares its statements: the tables must exist, see {@link Schema#await}. */
    public CassandraEventStore(CqlSession session, String keyspace) {
        this(session, keyspace, RecentMessages.NONE);
    }

    /**
     * Likewise.
     *
     * @param recent where events are looked for first
     */
    public CassandraEventStore(CqlSession session, String keyspace, RecentMessages recent) {
        this.messages = new MessageRows(session, keyspace);
        this.recent = recent;
    }

    /**
     * Reads events in order.
     *
     * @param after only events with a greater seq
     * @param limit events at most
     * @return the events that are stored; maybe fewer than there are, since storing lags behind. Fails when Cassandra cannot be reached.
     */
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        int from = Math.max(0, after);
        return recent.isOn()
                ? messages.extent(conversation).thenCompose(extent -> recent(conversation, from, limit, extent))
                : stored(conversation, from, limit).thenApply(Stretch::page);
    }

    /** Up to where everything is stored, with its deletions done; 0 when nothing is. Fails when Cassandra cannot be reached. */
    public CompletionStage<Integer> head(ConversationId conversation) {
        return messages.extent(conversation).thenApply(MessageRows.Extent::head);
    }

    private CompletionStage<EventPage> recent(
            ConversationId conversation, int after, int limit, MessageRows.Extent extent) {
        int head = extent.head();
        Wanted wanted =
                new Wanted(true, Math.max(after, extent.purged()) + 1, head, limit, Long.MAX_VALUE, extent.recent());
        if (wanted.first() > head || !recent.mayHave(wanted)) {
            return stored(conversation, after, limit).thenApply(Stretch::page);
        }
        return recent.find(conversation, wanted)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(through(RecentRows.messages(found.get()), limit, head))
                        : stored(conversation, after, limit).thenApply(read -> kept(conversation, wanted, read)))
                .thenApply(Stretch::page);
    }

    private Stretch kept(ConversationId conversation, Wanted wanted, Stretch read) {
        int high = Math.min(read.through(), wanted.last());
        recent.keep(
                conversation,
                wanted.state(),
                RecentRows.rows(
                        read.found(), wanted.first(), high, wanted.state().nowMillis()));
        return read;
    }

    private CompletionStage<Stretch> stored(ConversationId conversation, int after, int limit) {
        int first = after + 1;
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return messages.lowest(conversation, first, bucketEnd, limit).thenCompose(found -> {
            Stretch stretch = unbroken(found, after);
            boolean goesOn = !found.isEmpty() && (found.size() == limit || stretch.through() < bucketEnd);
            return goesOn && stretch.found().size() == found.size()
                    ? CompletableFuture.completedFuture(stretch)
                    : upToHead(conversation, first, limit, stretch);
        });
    }

    /** What is missing up to the head was stored once, and is kept no more. */
    private CompletionStage<Stretch> upToHead(ConversationId conversation, int first, int limit, Stretch unbroken) {
        return messages.extent(conversation).thenCompose(extent -> {
            int start = Math.max(first, extent.purged() + 1);
            int end = (int) Math.min(extent.head(), start + MAX_STRETCH);
            if (end <= unbroken.through()) {
                return CompletableFuture.completedFuture(unbroken);
            }
            return messages.lowest(conversation, start, end, limit).thenApply(found -> through(found, limit, end));
        });
    }

    /** Of all up to {@code end}, or of the first {@code limit}. */
    private static Stretch through(List<StoredMessage> found, int limit, int end) {
        return new Stretch(
                found, found.size() < limit ? end : found.get(limit - 1).event().seq());
    }

    private static Stretch unbroken(List<StoredMessage> found, int after) {
        int through = after;
        int count = 0;
        while (count < found.size() && found.get(count).event().seq() == through + 1) {
            through++;
            count++;
        }
        return new Stretch(found.subList(0, count), through);
    }
}
