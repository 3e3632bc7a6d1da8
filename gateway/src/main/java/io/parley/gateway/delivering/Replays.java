package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Reads of the store, so many at once for the whole node: pages are held in memory until they are written. Others wait for their turn. */
final class Replays {
    static final int AT_ONCE = 64;
    private static final EventPage NOTHING = new EventPage(List.of(), 0);

    private final EventStore store;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Replays(EventStore store) {
        this.store = store;
    }

    /**
     * Reads when it is its turn.
     *
     * @param limit events at most
     * @param done called once on the shard; with an empty page when the store cannot be reached
     */
    void read(Shard shard, ConversationId conversation, int after, int limit, Consumer<EventPage> done) {
        waiting.add(() -> {
            var unused = ask(conversation, after, limit)
                    .whenComplete((page, failure) ->
                            shard.loop().execute(() -> finish(done, failure == null && page != null ? page : NOTHING)));
        });
        next();
    }

    private CompletionStage<EventPage> ask(ConversationId conversation, int after, int limit) {
        try {
            return store.read(conversation, after, limit);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void finish(Consumer<EventPage> done, EventPage page) {
        try {
            done.accept(page);
        } finally {
            free.release();
            next();
        }
    }

    private void next() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            Runnable read = waiting.poll();
            if (read == null) {
                free.release();
            } else {
                read.run();
            }
        }
    }
}
