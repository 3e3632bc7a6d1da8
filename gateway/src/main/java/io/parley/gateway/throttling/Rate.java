package io.parley.gateway.throttling;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.LocalBucketBuilder;
import java.time.Duration;

/**
 * A token bucket's measure.
 *
 * @param amount what comes back in a period, and is there at most
 * @param period how long that takes
 * @param paced what may be taken within a short time: a full bucket is not spent at once
 * @param pace that time
 */
public record Rate(long amount, Duration period, long paced, Duration pace) {
    /** A bucket that may be spent at once. */
    public Rate(long amount, Duration period) {
        this(amount, period, amount, period);
    }

    /** The most that one step may take. */
    long atOnce() {
        return Math.min(amount, paced);
    }

    Bucket bucket() {
        LocalBucketBuilder bucket =
                Bucket.builder().addLimit(limit -> limit.capacity(amount).refillGreedy(amount, period));
        if (!pace.equals(period)) {
            bucket.addLimit(limit -> limit.capacity(paced).refillGreedy(paced, pace));
        }
        return bucket.build();
    }
}
