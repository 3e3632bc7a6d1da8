package io.parley.runtime;

import java.time.Duration;

/**
 * How much a process reads from history for its users: {@code parley.history.reads}.
 *
 * @param atOnce reads under way
 * @param atOnceOfUser reads under way of one user
 * @param bytes held by them
 * @param bytesOfUser held by those of one user
 * @param waiting reads that wait
 * @param waitingOfUser reads that wait, of one user
 * @param longestWait of one read
 * @param longestHold how long what was read counts at most while it is written
 * @param bytesPerTenSeconds what one user may read
 */
public record ReadSettings(
        int atOnce,
        int atOnceOfUser,
        long bytes,
        long bytesOfUser,
        int waiting,
        int waitingOfUser,
        Duration longestWait,
        Duration longestHold,
        long bytesPerTenSeconds) {
    private static final String KEYS = "parley.history.reads.";
    private static final int MANY = 1_000_000;

    /** Reads {@code parley.history.reads}. */
    public static ReadSettings from(Settings settings) {
        int atOnce = settings.integer(KEYS + "at-once", 1, MANY);
        long bytes = bytes(settings, "bytes", Long.MAX_VALUE);
        int waiting = settings.integer(KEYS + "waiting", 1, MANY);
        return new ReadSettings(
                atOnce,
                settings.integer(KEYS + "at-once-of-a-user", 1, atOnce),
                bytes,
                bytes(settings, "bytes-of-a-user", bytes),
                waiting,
                settings.integer(KEYS + "waiting-of-a-user", 1, waiting),
                duration(settings, "longest-wait"),
                duration(settings, "longest-hold"),
                bytes(settings, "bytes-of-a-user-per-ten-seconds", Long.MAX_VALUE));
    }

    private static long bytes(Settings settings, String name, long most) {
        long bytes = settings.bytes(KEYS + name);
        if (bytes < 1 || bytes > most) {
            throw settings.bad(
                    KEYS + name, "must be at least 1 byte" + (most == Long.MAX_VALUE ? "" : " and at most " + most));
        }
        return bytes;
    }

    private static Duration duration(Settings settings, String name) {
        Duration duration = settings.duration(KEYS + name);
        if (duration.toMillis() < 1 || duration.toHours() >= 1) {
            throw settings.bad(KEYS + name, "must be from 1ms to 1h");
        }
        return duration;
    }
}
