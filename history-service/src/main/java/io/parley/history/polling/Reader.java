package io.parley.history.polling;

import java.util.List;

/** A call that waits for what comes to its device. Every method is called on the device's loop and returns at once. */
public interface Reader {
    /** Why nothing more comes to a call. */
    enum Ending {
        /** The time is over. */
        TIME,
        /** A newer call of the device has begun. */
        REPLACED,
        /** The device connected elsewhere. */
        TAKEN_OVER,
        /** The user removed the device. */
        REMOVED,
        /** The user has as many devices as one may have. */
        TOO_MANY_DEVICES,
        /** The token was issued before the user's tokens were revoked. */
        TOKEN_REVOKED,
        /** The device began too many connections. */
        TOO_OFTEN,
        /** So many devices are connected here that there is no room for one more. */
        FULL,
        /** The log cannot be reached, or the process stops. */
        UNAVAILABLE
    }

    /** Whether it takes something now; a stream may not while its client is slow. */
    boolean isReady();

    /** Whether it goes on after {@link #take}. */
    boolean isStream();

    /**
     * Here is what came.
     *
     * @param cursor tells that the device has everything up to this
     */
    void take(List<Happening> happenings, String cursor);

    /** It ends; nothing else is called. */
    void end(Ending reason);

    /**
     * Called some times a second while it waits.
     *
     * @param nowNanos the loop's time
     */
    void idle(long nowNanos);
}
