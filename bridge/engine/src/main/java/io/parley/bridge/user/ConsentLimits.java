package io.parley.bridge.user;

import java.time.Duration;

/**
 * Whose consent it takes to add them to a group.
 *
 * @param ofStrangers of who has no conversation of two with the one who adds them; false: nobody's
 * @param invitations the most invitations of a user; the oldest go
 * @param kept how long an invitation waits for the user
 */
public record ConsentLimits(boolean ofStrangers, int invitations, Duration kept) {
    /** What holds when nothing is set. */
    public static ConsentLimits defaults() {
        return new ConsentLimits(false, 100, Duration.ofDays(7));
    }
}
