package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import java.util.concurrent.CompletionStage;

/** Where old events are read from. */
public interface EventStore {
    /**
     * Reads events in order.
     *
     * @param after only events with a greater seq
     * @param limit events at most
     * @return the events that are stored; maybe fewer than there are, since storing lags behind. Fails when the store cannot
     *     be reached.
     */
    CompletionStage<EventPage> read(ConversationId conversation, int after, int limit);

    /**
     * Up to where everything is stored, and done: what is read after this has the tombstones of all deletions up to that seq. A page of
     * {@link #read} may have events beyond it.
     *
     * @return 0 if nothing is stored. Fails when the store cannot be reached.
     */
    CompletionStage<Integer> head(ConversationId conversation);
}
