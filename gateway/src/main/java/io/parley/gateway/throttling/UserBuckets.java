package io.parley.gateway.throttling;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A token bucket of each user on this node, over all of the user's devices here. In this process's memory: a node that starts anew has them full. */
final class UserBuckets {
    private static final Duration SHORTEST_MEMORY = Duration.ofHours(1);

    private final LoadingCache<UserId, Bucket> users;
    private final long capacity;

    UserBuckets(Rate rate) {
        // A bucket that is forgotten must have been full.
        Duration memory = rate.period().compareTo(SHORTEST_MEMORY) > 0 ? rate.period() : SHORTEST_MEMORY;
        capacity = rate.atOnce();
        users = Caffeine.newBuilder().expireAfterAccess(memory).build(user -> rate.bucket());
    }

    /**
     * Takes tokens; what costs more than may be taken at once takes as many as that.
     *
     * @return {@link Throttle#NOW}, or how many milliseconds to wait before asking again
     */
    long take(UserId user, long tokens) {
        ConsumptionProbe probe = users.get(user).tryConsumeAndReturnRemaining(Math.max(1, Math.min(tokens, capacity)));
        return probe.isConsumed() ? Throttle.NOW : TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill()) + 1;
    }

    /**
     * Whether a user may take anything.
     *
     * @return {@link Throttle#NOW}, or how many milliseconds until what {@link #owe} took too much has come back
     */
    long untilPaid(UserId user) {
        long nanos = users.get(user).estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return nanos == 0 ? Throttle.NOW : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    /** Takes tokens, also those that are not there yet. */
    void owe(UserId user, long tokens) {
        var unused = users.get(user).consumeIgnoringRateLimits(Math.max(1, tokens));
    }

    /** What was taken was not used. A bucket never holds more than all of it. */
    void giveBack(UserId user, long tokens) {
        if (tokens > 0) {
            users.get(user).addTokens(tokens);
        }
    }

    /**
     * Takes one token when there is one.
     *
     * @param clock completes what has to wait
     * @return true when it was taken, false at once if that would take too long
     */
    CompletableFuture<Boolean> takeOne(UserId user, Duration longestWait, ScheduledExecutorService clock) {
        return users.get(user).asScheduler().tryConsume(1, longestWait, clock);
    }
}
