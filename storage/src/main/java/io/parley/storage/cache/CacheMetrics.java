package io.parley.storage.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What one kind of cache does, as counters {@code parley.history.cache.*} with the tag {@code cache}. */
record CacheMetrics(Counter hits, Counter misses, Counter fills, Counter invalidations, Counter errors) {
    /** @param cache {@code caffeine} or {@code redis} */
    static CacheMetrics of(MeterRegistry registry, String cache) {
        return new CacheMetrics(
                counter(registry, cache, "hits", "Stretches of messages that were found whole, with all changes"),
                counter(
                        registry,
                        cache,
                        "misses",
                        "Stretches that were not, and were asked of the next cache or of Cassandra"),
                counter(registry, cache, "fills", "Times that rows were put into it"),
                counter(
                        registry,
                        cache,
                        "invalidations",
                        "Conversations whose rows were dropped since they lacked a change"),
                counter(registry, cache, "errors", "Questions that it did not answer, or not in time"));
    }

    private static Counter counter(MeterRegistry registry, String cache, String name, String description) {
        return Counter.builder("parley.history.cache." + name)
                .tag("cache", cache)
                .description(description)
                .register(registry);
    }

    void found(boolean hit) {
        (hit ? hits : misses).increment();
    }
}
