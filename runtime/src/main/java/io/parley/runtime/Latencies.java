package io.parley.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/** Timers of what a message waits for. All have the same buckets, so that the hops of a message can be compared. */
public final class Latencies {
    /** The upper bounds of the buckets, milliseconds. */
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private Latencies() {}

    /** A timer with a histogram; no percentiles are computed here, Prometheus adds up the buckets of all instances. */
    public static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
