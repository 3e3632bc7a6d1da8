package io.parley.gateway;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The loop of a thread.
 *
 * @param thread runs one task at a time
 */
public record ExecutorLoop(ScheduledExecutorService thread) implements Loop {
    @Override
    public boolean execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            requireEnded(e);
        }
        return !thread.isShutdown();
    }

    @Override
    public void schedule(Runnable task, long millis) {
        try {
            var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            requireEnded(e);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    private void requireEnded(RejectedExecutionException e) {
        if (!thread.isShutdown()) {
            throw e;
        }
    }
}
