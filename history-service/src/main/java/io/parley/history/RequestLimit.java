package io.parley.history;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.parley.protocol.UserId;
import java.time.Duration;

/** A token bucket of requests for each user, in this process's memory: one that starts anew has them full. */
final class RequestLimit {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final LoadingCache<UserId, Bucket> users;

    /** @param perTenSeconds what comes back in ten seconds, and is there at most */
    RequestLimit(long perTenSeconds) {
        users = Caffeine.newBuilder()
                .expireAfterAccess(FORGOTTEN_AFTER)
                .build(user -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perTenSeconds).refillGreedy(perTenSeconds, PERIOD))
                        .build());
    }

    /** Takes a request, if there is room for it. */
    boolean allows(UserId user) {
        return users.get(user).tryConsume(1);
    }

    /** Takes a request. @throws Refusal 429 if there is no room for it */
    void take(UserId user) {
        ConsumptionProbe taken = users.get(user).tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            long waitMillis = Duration.ofNanos(taken.getNanosToWaitForRefill()).toMillis();
            throw Refusal.tooMany(waitMillis / 1000 + 1);
        }
    }
}
