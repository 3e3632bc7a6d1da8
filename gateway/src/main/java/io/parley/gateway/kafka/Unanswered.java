package io.parley.gateway.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a server leaves unanswered what it is asked. Told by what is asked anyway: it costs no question of its own. For any thread. */
final class Unanswered {
    /** A failure tells for so long when nothing is asked after it. */
    private static final long MEMORY_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanoTime;
    private int open;
    private boolean failed;
    private long failedNanos;
    private long sinceNanos;

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Unanswered(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.sinceNanos = nanoTime.getAsLong();
    }

    /** Something was asked; {@link #answered} or {@link #failed} follows. */
    synchronized void asked() {
        long now = nanoTime.getAsLong();
        if (open++ == 0 && !isFailing(now)) {
            sinceNanos = now;
        }
    }

    synchronized void answered() {
        open--;
        failed = false;
        sinceNanos = nanoTime.getAsLong();
    }

    synchronized void failed() {
        open--;
        failed = true;
        failedNanos = nanoTime.getAsLong();
    }

    /** The time since the last answer, or since the first question after it; zero when nothing is open and nothing failed of late. */
    synchronized Duration silence() {
        long now = nanoTime.getAsLong();
        return open > 0 || isFailing(now) ? Duration.ofNanos(now - sinceNanos) : Duration.ZERO;
    }

    private boolean isFailing(long nowNanos) {
        return failed && nowNanos - failedNanos < MEMORY_NANOS;
    }
}
