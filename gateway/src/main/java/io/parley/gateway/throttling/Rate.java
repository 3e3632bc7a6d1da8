package io.parley.gateway.throttling;

import io.github.bucket4j.Bucket;
import java.time.Duration;

/**
 * A token bucket's measure.
 *
 * @param amount what comes back in a period, and is there at most
 * @param period how long that takes
 */
public record Rate(long amount, Duration period) {
    Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(amount).refillGreedy(amount, period))
                .build();
    }
}
