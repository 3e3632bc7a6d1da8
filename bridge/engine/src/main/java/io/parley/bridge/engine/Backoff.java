package io.parley.bridge.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long a thread that replaces one that failed waits: not at all at first, twice as long each time that failures follow each other. */
final class Backoff {
    private static final long FIRST_MILLIS = 250;
    private static final long MAX_MILLIS = 10_000;
    private static final long CALM_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long millis;
    private long lastNanos;

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Backoff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong() - CALM_NANOS;
    }

    /** Something failed. Returns how long to wait now. */
    synchronized Duration failed() {
        long nowNanos = nanoTime.getAsLong();
        boolean calm = nowNanos - lastNanos - TimeUnit.MILLISECONDS.toNanos(millis) >= CALM_NANOS;
        long wait = calm ? 0 : Math.max(FIRST_MILLIS, Math.min(MAX_MILLIS, 2 * millis));
        millis = wait;
        lastNanos = nowNanos;
        return Duration.ofMillis(wait);
    }

    /** Waits for so long, or until {@link #close}. */
    void await(Duration wait) {
        try {
            var unused = closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody waits any more. */
    void close() {
        closed.countDown();
    }
}
