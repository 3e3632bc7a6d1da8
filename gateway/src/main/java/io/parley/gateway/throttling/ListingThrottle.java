package io.parley.gateway.throttling;

import io.parley.protocol.UserId;

/**
 * How many conversations the lists of one user may ask on this node, over all of the user's devices. A page of a list asks each conversation on it. It pays for as
 * many as it may ask before it begins, and gets back what it did not need: so what many connections ask at once is bounded, too.
 */
public final class ListingThrottle {
    private final UserBuckets users;

    /** @param rate conversations that the lists of one user may ask */
    public ListingThrottle(Rate rate) {
        this.users = new UserBuckets(rate);
    }

    /**
     * Takes what a page may ask.
     *
     * @return {@link Throttle#NOW}, or how many milliseconds to wait before asking again
     */
    public long take(UserId user, int conversations) {
        return users.take(user, conversations);
    }

    /** A page needed so many less. */
    public void giveBack(UserId user, int conversations) {
        users.giveBack(user, conversations);
    }
}
