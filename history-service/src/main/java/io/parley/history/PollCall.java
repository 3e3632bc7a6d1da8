package io.parley.history;

import io.parley.history.polling.Happening;
import io.parley.history.polling.Reader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A poll that waits. */
final class PollCall implements Reader {
    /**
     * What came of it.
     *
     * @param ending why nothing came; null: something did
     * @param cursor empty if nothing came
     */
    record Outcome(@Nullable Ending ending, List<Happening> happenings, String cursor) {}

    private final long endNanos;
    private final BiConsumer<Reader, Ending> over;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /** @param over told when the call has waited long enough */
    PollCall(Duration wait, BiConsumer<Reader, Ending> over) {
        this.endNanos = System.nanoTime() + wait.toNanos();
        this.over = over;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public void take(List<Happening> happenings, String cursor) {
        outcome.complete(new Outcome(null, happenings, cursor));
    }

    @Override
    public void end(Ending reason) {
        outcome.complete(new Outcome(reason, List.of(), ""));
    }

    @Override
    public void idle(long nowNanos) {
        if (nowNanos - endNanos >= 0) {
            over.accept(this, Ending.TIME);
        }
    }
}
