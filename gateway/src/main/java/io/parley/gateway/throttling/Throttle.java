package io.parley.gateway.throttling;

import io.parley.protocol.UserId;

/** How fast a user may publish. */
public interface Throttle {
    /** A publication passes. */
    long NOW = 0;

    /** It never will: it is larger than everything that may pass. */
    long NEVER = -1;

    /**
     * Takes a message, a receipt or the like from what the user may publish, if it is within that.
     *
     * @param bytes the payload's length
     * @return {@link #NOW}, {@link #NEVER}, or how many milliseconds to wait before asking again
     */
    long message(UserId user, int bytes);

    /** Takes a request, likewise; the larger it is, the more it takes. It is never {@link #NEVER}. */
    long request(UserId user, int bytes);
}
