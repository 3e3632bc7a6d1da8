package io.parley.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Pauses between tries: each twice as long as the one before, up to a longest, and each shortened by chance by up to a half. Thread-safe. */
public final class Backoff {
    private final long firstMillis;
    private final long longestMillis;
    private final DoubleSupplier random;
    private long nextMillis;

    /** @param random from 0 to 1: clients that lost their node at the same time do not come back at the same time */
    public Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.firstMillis = first.toMillis();
        this.longestMillis = longest.toMillis();
        this.random = random;
        this.nextMillis = firstMillis;
    }

    /** The pause before the next try. */
    public synchronized long pauseMillis() {
        long pause = (long) (nextMillis * (0.5 + random.getAsDouble() / 2));
        nextMillis = Math.min(longestMillis, nextMillis * 2);
        return pause;
    }

    /** A try has succeeded: the next pause is the first again. */
    public synchronized void succeeded() {
        nextMillis = firstMillis;
    }
}
