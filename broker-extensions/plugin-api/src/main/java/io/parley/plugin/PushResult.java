package io.parley.plugin;

import java.time.Duration;

/** How an attempt of a {@link PushProvider} ended. */
public sealed interface PushResult {
    /** The push system took it. */
    static PushResult accepted() {
        return new Accepted();
    }

    /** The push system knows no such token, or none any more: the user's devices no longer have it. */
    static PushResult tokenGone() {
        return new TokenGone();
    }

    /**
     * Not now, for this token: it gets too many.
     *
     * @param after not earlier; zero if nothing is known
     */
    static PushResult later(Duration after) {
        return new Later(after, false);
    }

    /**
     * Not now, for any token: the push system cannot be reached or does not work. After many such results Parley holds back for a while.
     *
     * @param after not earlier; zero if nothing is known
     */
    static PushResult down(Duration after) {
        return new Later(after, true);
    }

    /** Never: neither this notification nor the token will ever be acceptable. It becomes a dead letter, without its text. */
    static PushResult refused() {
        return new Refused();
    }

    /** The push system took it. */
    record Accepted() implements PushResult {}

    /** There is no such token. */
    record TokenGone() implements PushResult {}

    /**
     * Not now.
     *
     * @param after not earlier, zero or more
     * @param down whether it concerns all tokens
     */
    record Later(Duration after, boolean down) implements PushResult {
        public Later {
            if (after.isNegative()) {
                throw new IllegalArgumentException("after is zero or more, but is " + after);
            }
        }
    }

    /** Never. */
    record Refused() implements PushResult {}
}
