package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.delivery.EventStore;
import io.parley.delivery.SequencedEvent;
import io.parley.protocol.ConversationId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replays from the messages table: what was edited as it was, with the edit to follow; what was deleted not at all. What it returns has no gap inside. Asks nobody about rights. */
public final class CassandraEventStore implements EventStore {
    private final MessageRows messages;

    /** Prepares its statements: the tables must exist, see {@link Schema#await}. */
    public CassandraEventStore(CqlSession session, String keyspace) {
        this.messages = new MessageRows(session, keyspace);
    }

    @Override
    public CompletionStage<List<SequencedEvent>> read(ConversationId conversation, int after, int limit) {
        int first = Math.max(0, after) + 1;
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return messages.lowest(conversation, first, bucketEnd, limit)
                .thenCompose(found -> found.size() < limit && endsBucket(found, bucketEnd)
                        ? goOn(conversation, found, bucketEnd, limit)
                        : CompletableFuture.completedFuture(found))
                .thenApply(CassandraEventStore::untilGap)
                .thenApply(found -> found.stream().map(StoredMessage::event).toList());
    }

    /** Only the head tells whether there are further buckets. */
    private CompletionStage<List<StoredMessage>> goOn(
            ConversationId conversation, List<StoredMessage> found, int bucketEnd, int limit) {
        return messages.head(conversation)
                .thenCompose(head -> messages.lowest(conversation, bucketEnd + 1, head, limit - found.size()))
                .thenApply(more -> {
                    List<StoredMessage> all = new ArrayList<>(found);
                    all.addAll(more);
                    return all;
                });
    }

    private static boolean endsBucket(List<StoredMessage> found, int bucketEnd) {
        return found.isEmpty() || found.get(found.size() - 1).event().seq() == bucketEnd;
    }

    private static List<StoredMessage> untilGap(List<StoredMessage> events) {
        for (int i = 1; i < events.size(); i++) {
            if (events.get(i).event().seq() != events.get(i - 1).event().seq() + 1) {
                return events.subList(0, i);
            }
        }
        return events;
    }
}
