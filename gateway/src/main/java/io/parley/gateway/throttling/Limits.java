package io.parley.gateway.throttling;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Token buckets of each user on this node, over all of the user's devices here. They are in this process's memory: nothing outside of it can fail
 * them open or closed; a node that starts anew has them full.
 */
public final class Limits implements Throttle {
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int KIB = 1024;

    /**
     * What a user may do.
     *
     * @param messages publications to conversations, receipts and typing among them
     * @param bytes of their payloads
     * @param requests of all kinds; one counts once for each KiB of its payload, the last one begun
     */
    public record Rates(Rate messages, Rate bytes, Rate requests) {}

    private record Buckets(Bucket messages, Bucket bytes, Bucket requests) {
        Buckets(Rates rates) {
            this(
                    rates.messages().bucket(),
                    rates.bytes().bucket(),
                    rates.requests().bucket());
        }
    }

    private final LoadingCache<UserId, Buckets> users;
    private final long mostBytes;
    private final long mostRequests;

    /** Full buckets for everybody. */
    public Limits(Rates rates) {
        mostBytes = rates.bytes().atOnce();
        mostRequests = rates.requests().atOnce();
        users = Caffeine.newBuilder().expireAfterAccess(FORGOTTEN_AFTER).build(user -> new Buckets(rates));
    }

    @Override
    public long message(UserId user, int bytes) {
        if (bytes > mostBytes) {
            return NEVER;
        }
        Buckets buckets = users.get(user);
        long millis = take(buckets.messages(), 1);
        if (millis != NOW) {
            return millis;
        }
        millis = take(buckets.bytes(), Math.max(1, bytes));
        if (millis != NOW) {
            buckets.messages().addTokens(1);
        }
        return millis;
    }

    @Override
    public long request(UserId user, int bytes) {
        long kib = Math.max(1, (bytes + KIB - 1L) / KIB);
        return take(users.get(user).requests(), Math.min(kib, mostRequests));
    }

    private static long take(Bucket bucket, long amount) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(amount);
        return probe.isConsumed() ? NOW : TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill()) + 1;
    }
}
