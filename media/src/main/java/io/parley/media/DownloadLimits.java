package io.parley.media;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;

/**
 * How fast each account downloads, in this process: all its downloads share one token bucket. Who is too fast gets the next bytes later; only who has too
 * many downloads at once is refused.
 */
public final class DownloadLimits {
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
    /** A single request for a chunk that would have to wait longer is refused. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final LoadingCache<String, Bucket> buckets;
    private final Slots slots;

    DownloadLimits(long bytesPerSecond, int parallel) {
        this.buckets = Caffeine.newBuilder()
                .expireAfterAccess(FORGOTTEN_AFTER)
                .build(account -> Bucket.builder()
                        .addLimit(limit ->
                                limit.capacity(bytesPerSecond).refillGreedy(bytesPerSecond, Duration.ofSeconds(1)))
                        .build());
        this.slots = new Slots(parallel, "you have " + parallel + " downloads at once: wait until one of them is done");
    }

    /**
     * Begins a download; to be closed.
     *
     * @param account who pays for it: a user, or a link that anybody may have
     * @throws MediaRefusal RATE_LIMITED if the account has too many
     */
    public Download begin(String account) {
        return new Download(slots.take(account), buckets.get(account));
    }

    /** Bytes of one answer, all at once. @throws MediaRefusal RATE_LIMITED if they would have to wait for too long */
    Duration take(String account, int bytes) {
        Bucket bucket = buckets.get(account);
        long waitNanos = bucket.estimateAbilityToConsume(Math.max(1, bytes)).getNanosToWaitForRefill();
        if (waitNanos > LONGEST.toNanos()) {
            throw new MediaRefusal(
                    ErrorCode.RATE_LIMITED, "you download more than an account may in a second: ask later");
        }
        return Duration.ofNanos(bucket.consumeIgnoringRateLimits(Math.max(1, bytes)));
    }

    /** One of an account's downloads. */
    public static final class Download implements AutoCloseable {
        private final Slots.Slot slot;
        private final Bucket bucket;

        private Download(Slots.Slot slot, Bucket bucket) {
            this.slot = slot;
            this.bucket = bucket;
        }

        /** How many nanoseconds these bytes have to wait. */
        public long nanosToWait(int bytes) {
            return bytes == 0 ? 0 : bucket.consumeIgnoringRateLimits(bytes);
        }

        @Override
        public void close() {
            slot.close();
        }
    }
}
