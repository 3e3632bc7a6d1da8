package io.parley.bridge.user;

import java.time.Duration;

/**
 * How an operator lets users be notified.
 *
 * @param tokens the most push tokens of a user
 * @param deviceTokens the most of one device
 * @param forgottenDays a token is forgotten when its device did not connect for so many days
 * @param previews whether notifications tell who wrote, and what
 */
public record PushLimits(int tokens, int deviceTokens, int forgottenDays, boolean previews) {
    /** What holds when nothing is set. */
    public static PushLimits defaults() {
        return new PushLimits(20, 4, 60, true);
    }

    public long forgottenMillis() {
        return Duration.ofDays(forgottenDays).toMillis();
    }
}
