package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.PointersMoved;
import io.parley.storage.cache.RecentMessages;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What a history writer writes to: the tables must exist, see {@link Schema#ensure}. */
public record HistoryTables(
        ConversationWriter conversations, PointerWriter pointers, HistoryProgress progress, RecentFeed recent)
        implements AutoCloseable {
    /** Prepares the statements. What Cassandra refuses for good is logged. */
    public static HistoryTables of(CqlSession session, String keyspace) {
        return of(session, keyspace, RefusedRows.LOGGED);
    }

    /**
     * Prepares the statements.
     *
     * @param refused gets what Cassandra refuses for good
     */
    public static HistoryTables of(CqlSession session, String keyspace, RefusedRows refused) {
        Batches batches = new Batches(session, keyspace, refused);
        return new HistoryTables(
                new ConversationWriter(session, keyspace, batches),
                new PointerWriter(session, keyspace, batches),
                new HistoryProgress(session, keyspace),
                new RecentFeed(RecentMessages.NONE));
    }

    /** The same, which puts what has been written into a cache, too, and owns it. */
    public HistoryTables feeding(RecentMessages cache) {
        return new HistoryTables(conversations, pointers, progress, new RecentFeed(cache));
    }

    /**
     * Stores what was logged, and then puts it into the cache.
     *
     * @return done when Cassandra has it; fails when it could not take something, and then the call is to be made again
     */
    public CompletionStage<Void> write(
            Map<ConversationId, List<LoggedEvent>> events, Map<ConversationId, List<PointersMoved>> moved) {
        return conversations
                .write(events)
                .thenCompose(done -> pointers.write(moved))
                .thenCompose(done -> recent.stored(events, moved));
    }

    @Override
    public void close() {
        recent.close();
    }
}
