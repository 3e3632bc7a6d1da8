package io.parley.history.polling;

import io.parley.gateway.delivering.EventStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store in which nothing is. */
record NothingStored() implements EventStore {
    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        return CompletableFuture.completedFuture(new EventPage(List.of(), 0));
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return CompletableFuture.completedFuture(0);
    }
}
