package io.parley.push.sending;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a delivery waits before it is tried again: twice as long after each attempt, and each time somewhat more or less, so that not all come back at once. */
final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final long firstMillis;
    private final long maxMillis;
    private final RandomGenerator random;

    Backoff(Duration first, Duration max, RandomGenerator random) {
        this.firstMillis = first.toMillis();
        this.maxMillis = max.toMillis();
        this.random = random;
    }

    /**
     * The wait after so many attempts, at least one. Between half of the doubled time and all of it; never shorter than what the provider asked for, which
     * is not shortened by the maximum either.
     */
    long millis(int attempts, Duration retryAfter) {
        long doubled = Math.min(maxMillis, firstMillis << Math.min(attempts - 1, MAX_DOUBLINGS));
        long jittered = doubled / 2 + random.nextLong(doubled / 2 + 1);
        long asked = retryAfter.toMillis();
        // Who was told the same time by the provider does not come back at the same moment.
        return asked <= jittered ? jittered : asked + random.nextLong(firstMillis / 2 + 1);
    }
}
