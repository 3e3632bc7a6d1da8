package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;

/** What a history writer writes to: the tables must exist, see {@link Schema#ensure}. */
public record HistoryTables(ConversationWriter conversations, PointerWriter pointers, HistoryProgress progress) {
    /** Prepares the statements. */
    public static HistoryTables of(CqlSession session, String keyspace) {
        return new HistoryTables(
                new ConversationWriter(session, keyspace),
                new PointerWriter(session, keyspace),
                new HistoryProgress(session, keyspace));
    }
}
