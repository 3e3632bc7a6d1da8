package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.wire.ChatEvent;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Reads of the store, so many at once for the whole node: pages are held in memory until they are written. Others wait for their turn. */
final class Replays {
    static final int AT_ONCE = 64;
    private static final Replay NOTHING = new Replay(new EventPage(List.of(), 0), 0);

    /**
     * What is to be read.
     *
     * @param after only events with a greater seq
     * @param limit events at most
     * @param deletions the page is wanted with all deletions up to this seq; it may come without
     */
    record Stretch(ConversationId conversation, int after, int limit, int deletions) {}

    /**
     * What was read.
     *
     * @param page without what later events of the same page deleted
     * @param head all deletions up to this seq were stored before; 0 if the store was not asked
     */
    record Replay(EventPage page, int head) {}

    private final EventStore store;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Replays(EventStore store) {
        this.store = store;
    }

    /**
     * Reads when it is its turn.
     *
     * @param done called once on the shard; with an empty page when the store cannot be reached
     */
    void read(Shard shard, Stretch stretch, Consumer<Replay> done) {
        waiting.add(() -> {
            var unused = ask(stretch)
                    .whenComplete((replay, failure) -> shard.loop()
                            .execute(() -> finish(done, failure == null && replay != null ? replay : NOTHING)));
        });
        next();
    }

    private CompletionStage<Replay> ask(Stretch stretch) {
        try {
            // A page that reaches that far has these deletions itself. Before a longer way the store is asked how far
            // it is.
            return stretch.deletions() <= stretch.after() + stretch.limit()
                    ? page(stretch, 0)
                    : store.head(stretch.conversation()).thenCompose(head -> page(stretch, head));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Replay> page(Stretch stretch, int head) {
        return store.read(stretch.conversation(), stretch.after(), stretch.limit())
                .thenApply(page -> new Replay(erased(stretch.conversation(), page), head));
    }

    /** The store has a deletion a moment before it has the tombstone. */
    private static EventPage erased(ConversationId conversation, EventPage page) {
        List<ChatEvent> erasing = page.events().stream()
                .map(SequencedEvent::erasing)
                .filter(Objects::nonNull)
                .toList();
        if (erasing.isEmpty()) {
            return page;
        }
        Erasures erasures = new Erasures();
        erasing.forEach(event -> erasures.add(conversation, event));
        return new EventPage(
                page.events().stream()
                        .map(event -> erasures.applied(conversation, event))
                        .toList(),
                page.through());
    }

    private void finish(Consumer<Replay> done, Replay replay) {
        try {
            done.accept(replay);
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
