package io.parley.bridge.engine;

import io.parley.gateway.delivering.EventStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that has everything at once. */
record LoggedEvents(SimulatedLog log) implements EventStore {
    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        List<SequencedEvent> rest = log.events(conversation).stream()
                .skip(after)
                .limit(limit)
                .map(event -> new SequencedEvent(event.getSeq(), event.toByteArray()))
                .toList();
        return CompletableFuture.completedFuture(new EventPage(rest, after + rest.size()));
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return CompletableFuture.completedFuture(log.events(conversation).size());
    }
}
