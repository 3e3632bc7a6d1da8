package io.parley.gateway.throttling;

import io.parley.protocol.UserId;

/**
 * How many users the requests of one user may name as members of groups: to found a group with them, to add or to remove them. The machine of each who is named
 * has to answer, so that one request of some kilobytes makes thousands of commands, which everybody waits behind.
 */
public final class MemberThrottle {
    private final UserBuckets users;

    /** @param rate members that one user may name; a request that names more than all of them takes all */
    public MemberThrottle(Rate rate) {
        this.users = new UserBuckets(rate);
    }

    /** Takes a request that names so many; false: that would be too many now. */
    public boolean take(UserId user, int members) {
        return members == 0 || users.take(user, members) == Throttle.NOW;
    }
}
