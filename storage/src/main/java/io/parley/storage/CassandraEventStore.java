package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replays from the messages table: what was edited as it was, with the edit to follow; what was deleted not at all. Asks nobody about rights. */
public final class CassandraEventStore {
    /** Seqs that one read goes through. */
    private static final long MAX_STRETCH = 20L * Buckets.SIZE;

    private final MessageRows messages;

    /** Prepares its statements: the tables must exist, see {@link Schema#await}. */
    public CassandraEventStore(CqlSession session, String keyspace) {
        this.messages = new MessageRows(session, keyspace);
    }

    /**
     * Reads events in order.
     *
     * @param after only events with a greater seq
     * @param limit events at most
     * @return the events that are stored; maybe fewer than there are, since storing lags behind. Fails when Cassandra cannot be reached.
     */
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        int first = Math.max(0, after) + 1;
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return messages.lowest(conversation, first, bucketEnd, limit).thenCompose(found -> {
            EventPage page = unbroken(found, after);
            boolean goesOn = !found.isEmpty() && (found.size() == limit || page.through() < bucketEnd);
            return goesOn && page.events().size() == found.size()
                    ? CompletableFuture.completedFuture(page)
                    : upToHead(conversation, first, limit, page);
        });
    }

    /** Up to where everything is stored, with its deletions done; 0 when nothing is. Fails when Cassandra cannot be reached. */
    public CompletionStage<Integer> head(ConversationId conversation) {
        return messages.extent(conversation).thenApply(MessageRows.Extent::head);
    }

    /** What is missing up to the head was stored once, and is kept no more. */
    private CompletionStage<EventPage> upToHead(ConversationId conversation, int first, int limit, EventPage unbroken) {
        return messages.extent(conversation).thenCompose(extent -> {
            int start = Math.max(first, extent.purged() + 1);
            int end = (int) Math.min(extent.head(), start + MAX_STRETCH);
            if (end <= unbroken.through()) {
                return CompletableFuture.completedFuture(unbroken);
            }
            return messages.lowest(conversation, start, end, limit)
                    .thenApply(found -> new EventPage(
                            events(found),
                            found.size() < limit
                                    ? end
                                    : found.get(limit - 1).event().seq()));
        });
    }

    private static EventPage unbroken(List<StoredMessage> found, int after) {
        int through = Math.max(0, after);
        int count = 0;
        while (count < found.size() && found.get(count).event().seq() == through + 1) {
            through++;
            count++;
        }
        return new EventPage(events(found.subList(0, count)), through);
    }

    private static List<SequencedEvent> events(List<StoredMessage> found) {
        return found.stream().map(StoredMessage::event).toList();
    }
}
