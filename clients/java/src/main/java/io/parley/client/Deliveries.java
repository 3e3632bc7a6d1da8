package io.parley.client;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the application, one at a time in each conversation, and acknowledges each when the application is done with it. What came before, on a connection whose acknowledgement was
 * lost, is acknowledged and not handed again. For one thread.
 */
final class Deliveries {
    private final ChatHandler handler;
    private final Executor thread;
    private final LongFunction<Executor> later;
    private final BiConsumer<ConversationId, ChatEvent> stored;
    private final Map<ConversationId, Sequence> sequences = new HashMap<>();

    /**
     * @param thread the one that calls this
     * @param later the same after some milliseconds
     * @param stored told of each event that the application is done with
     */
    Deliveries(
            ChatHandler handler,
            Executor thread,
            LongFunction<Executor> later,
            BiConsumer<ConversationId, ChatEvent> stored) {
        this.handler = handler;
        this.thread = thread;
        this.later = later;
        this.stored = stored;
    }

    /** @param acknowledge tells the platform that the device has it */
    void take(ConversationId conversation, ChatEvent event, Runnable acknowledge) {
        sequences.computeIfAbsent(conversation, Sequence::new).take(event, acknowledge);
    }

    /** An event that the application is not done with, and what acknowledges it on each connection on which it came. */
    private record Waiting(ChatEvent event, List<Runnable> acknowledgements) {}

    private final class Sequence {
        private static final long FIRST_PAUSE_MILLIS = 500;
        private static final long LONGEST_PAUSE_MILLIS = 30_000;

        private final ConversationId conversation;
        private final LinkedHashMap<Integer, Waiting> waiting = new LinkedHashMap<>();
        private int done;
        private boolean handing;
        private long pauseMillis = FIRST_PAUSE_MILLIS;

        Sequence(ConversationId conversation) {
            this.conversation = conversation;
            this.done = handler.stored(conversation);
        }

        void take(ChatEvent event, Runnable acknowledge) {
            if (event.getSeq() <= done) {
                acknowledge.run();
                return;
            }
            waiting.computeIfAbsent(event.getSeq(), seq -> new Waiting(event, new ArrayList<>()))
                    .acknowledgements()
                    .add(acknowledge);
            hand();
        }

        private void hand() {
            if (handing || waiting.isEmpty()) {
                return;
            }
            handing = true;
            Waiting next = waiting.values().iterator().next();
            CompletableFuture<Void> handled;
            try {
                handled = handler.event(conversation, next.event());
            } catch (RuntimeException e) {
                handled = CompletableFuture.failedFuture(e);
            }
            if (handled.isDone()) {
                handled(next, handled.isCompletedExceptionally());
            } else {
                var unused = handled.whenCompleteAsync((nothing, failure) -> handled(next, failure != null), thread);
            }
        }

        private void handled(Waiting one, boolean failed) {
            if (failed) {
                later.apply(pauseMillis).execute(() -> {
                    handing = false;
                    hand();
                });
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
                return;
            }
            pauseMillis = FIRST_PAUSE_MILLIS;
            handing = false;
            done = one.event().getSeq();
            @Nullable Waiting unused = waiting.remove(done);
            one.acknowledgements().forEach(Runnable::run);
            stored.accept(conversation, one.event());
            // On a fresh stack: a long catch-up must not grow this one.
            thread.execute(this::hand);
        }
    }
}
