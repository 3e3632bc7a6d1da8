package io.parley.gateway.kafka;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A thread of its own for what may block, and what waits for it: no more than so many bytes. */
final class Sender {
    /** What a waiting record costs beside its bytes, roughly. */
    private static final int OVERHEAD_BYTES = 300;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "commands"));
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long maxBytes;

    Sender(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Runs a task when those before it have run.
     *
     * @param bytes that it holds meanwhile
     * @throws RejectedExecutionException if too much waits, or after the end
     */
    void execute(int bytes, Runnable task) {
        long held = (long) bytes + OVERHEAD_BYTES;
        if (waitingBytes.addAndGet(held) > maxBytes) {
            waitingBytes.addAndGet(-held);
            throw new RejectedExecutionException("more than " + maxBytes + " bytes wait for Kafka");
        }
        thread.execute(() -> {
            try {
                task.run();
            } finally {
                waitingBytes.addAndGet(-held);
            }
        });
    }

    /** Ends when everything has run, or 5 s from now. */
    void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
