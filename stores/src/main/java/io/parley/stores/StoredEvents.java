package io.parley.stores;

import io.parley.gateway.delivering.EventStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.storage.CassandraEventStore;
import java.util.concurrent.CompletionStage;

/** What devices catch up with, in Cassandra. */
public record StoredEvents(CassandraEventStore stored) implements EventStore {
    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        return stored.read(conversation, after, limit);
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return stored.head(conversation);
    }
}
