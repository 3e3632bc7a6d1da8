package io.parley.plugin;

import java.time.Duration;

/**
 * How long a filter may take, and what becomes of a publication about which it does not decide in time.
 *
 * @param deadline for each publication, 10 ms to 5 s
 * @param whenMissed when the deadline has passed, the filter fails, or the plugin is switched off after failures
 */
public record FilterTerms(Duration deadline, WhenMissed whenMissed) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** What becomes of a publication without a verdict. */
    public enum WhenMissed {
        /** It goes on unfiltered. */
        PASS,
        /** It is refused. While the plugins' process cannot be reached at all, senders wait instead. */
        REFUSE
    }

    public FilterTerms {
        if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("deadline is 10 ms to 5 s, but is " + deadline.toMillis() + " ms");
        }
    }
}
