package io.parley.plugin;

import java.time.Duration;

/**
 * How a subscription is served.
 *
 * @param deadline for one event, 10 ms to 30 s
 * @param attempts how often an event is tried, 1 to 100; then it is given up, logged and counted, and the next one follows
 * @param firstPause after the first attempt, 10 ms to 1 h; doubled with each further one, up to {@code longestPause}
 * @param longestPause the longest one, 10 ms to 1 h
 * @param longestLag events older than this are skipped and counted, 1 s or more. What the log has no more (parley.log.kept-seconds) is skipped too
 */
public record SubscriptionTerms(
        Duration deadline, int attempts, Duration firstPause, Duration longestPause, Duration longestLag) {
    private static final int MOST_ATTEMPTS = 100;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    public SubscriptionTerms {
        within("deadline", deadline, SHORTEST, LONGEST_DEADLINE);
        within("firstPause", firstPause, SHORTEST, LONGEST_PAUSE);
        within("longestPause", longestPause, SHORTEST, LONGEST_PAUSE);
        within("longestLag", longestLag, Duration.ofSeconds(1), Duration.ofDays(365));
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts is 1 to " + MOST_ATTEMPTS + ", but is " + attempts);
        }
    }

    /** Ten seconds for an event, ten attempts with pauses of 200 ms to 30 s, and a lag of a day. */
    public static SubscriptionTerms usual() {
        return new SubscriptionTerms(
                Duration.ofSeconds(10), 10, Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofDays(1));
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + least.toMillis() + " ms to " + most.toMillis() + " ms, but is " + value.toMillis());
        }
    }
}
