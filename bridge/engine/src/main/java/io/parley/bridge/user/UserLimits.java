package io.parley.bridge.user;

import java.time.Duration;

/**
 * What an operator allows each user, on all nodes together.
 *
 * @param unknownRefused whether nobody can write to, or add to a group, a user who never connected and whom no operator made known
 * @param conversations the most conversations of a user, of two and groups
 * @param conversationsAnHour conversations of two that a user begins
 * @param groupsAnHour groups that a user founds
 * @param settingsAnHour changes of whom a user blocks and of what a user shows: each goes to many conversations
 * @param blocked the most users that a user blocks
 * @param groupRequests how many of a user's last requests for a new group are remembered, to recognise one that comes again
 * @param consent whose consent it takes to add them to a group
 * @param longestTokenLife after which each token has expired
 */
public record UserLimits(
        boolean unknownRefused,
        int conversations,
        int conversationsAnHour,
        int groupsAnHour,
        int settingsAnHour,
        int blocked,
        int groupRequests,
        ConsentLimits consent,
        Duration longestTokenLife) {
    /** What holds when nothing is set. */
    public static UserLimits defaults() {
        return new UserLimits(true, 10_000, 200, 1_000, 300, 1_000, 32, ConsentLimits.defaults(), Duration.ofDays(30));
    }
}
