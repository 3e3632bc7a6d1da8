package io.parley.media;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;

/** How many bytes each user may upload in an hour: a token bucket for each, in this process's memory, full when it starts. */
final class UploadLimits {
    /** What an upload costs at least: its rows and its file are there, however small it is. */
    private static final long LEAST = 64 * 1024;

    private static final Duration HOUR = Duration.ofHours(1);

    private final LoadingCache<UserId, Bucket> users;

    UploadLimits(long bytesPerHour) {
        long capacity = Math.max(LEAST, bytesPerHour);
        users = Caffeine.newBuilder()
                .expireAfterAccess(HOUR)
                .build(user -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, HOUR))
                        .build());
    }

    /** Takes room for an upload. @throws MediaRefusal RATE_LIMITED if there is none */
    void take(UserId user, long bytes) {
        if (!users.get(user).tryConsume(Math.max(LEAST, bytes))) {
            throw new MediaRefusal(
                    ErrorCode.RATE_LIMITED, "you upload more than a user may in an hour: try again later");
        }
    }
}
