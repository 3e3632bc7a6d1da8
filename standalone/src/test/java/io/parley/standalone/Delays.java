package io.parley.standalone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long messages took, in nanoseconds, ascending.
 *
 * @param nanos never empty
 */
record Delays(List<Long> nanos) {
    private static final double NANOS_PER_MILLI = 1e6;

    Delays {
        if (nanos.isEmpty()) {
            throw new IllegalArgumentException("no message was written in that time");
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        nanos = List.copyOf(sorted);
    }

    /** The least delay that {@code percent} of the messages did not exceed, in milliseconds. */
    double millis(int percent) {
        int index = Math.min(nanos.size() - 1, nanos.size() * percent / 100);
        return nanos.get(index) / NANOS_PER_MILLI;
    }

    @Override
    public String toString() {
        return "%5d messages, ms: median %4.0f, p95 %4.0f, p99 %4.0f, max %4.0f"
                .formatted(nanos.size(), millis(50), millis(95), millis(99), millis(100));
    }
}
