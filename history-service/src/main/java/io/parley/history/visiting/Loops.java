package io.parley.history.visiting;

import io.parley.gateway.ExecutorLoop;
import io.parley.gateway.Loop;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

/** The threads on which everything of a user runs: always the same one for a user. */
public final class Loops implements AutoCloseable {
    private final List<ScheduledExecutorService> threads;
    private final List<Loop> loops;

    /** @param count threads, 1 or more */
    public Loops(int count) {
        threads = IntStream.range(0, count)
                .mapToObj(number ->
                        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "users-" + number)))
                .toList();
        loops = threads.stream().<Loop>map(ExecutorLoop::new).toList();
    }

    /** The user's loop. */
    public Loop of(UserId user) {
        return loops.get(Math.floorMod(user.hashCode(), loops.size()));
    }

    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }
}
