package io.parley.runtime;

import java.time.Duration;

/**
 * What every process heeds that reads history.
 *
 * @param longestBehind how far the stored history may be behind the log when it decides who may read a group
 */
public record HistoryReadSettings(Duration longestBehind) {
    private static final String KEY = "parley.history.longest-behind";

    /** Reads {@code parley.history.longest-behind}. */
    public static HistoryReadSettings from(Settings settings) {
        Duration longestBehind = settings.duration(KEY);
        // A writer reports once a second, and readers ask twice a second.
        if (longestBehind.toMillis() < 2000 || longestBehind.toMillis() > 3_600_000) {
            throw settings.bad(KEY, "must be 2s to 1h");
        }
        return new HistoryReadSettings(longestBehind);
    }
}
