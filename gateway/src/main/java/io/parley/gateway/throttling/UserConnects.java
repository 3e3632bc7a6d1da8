package io.parley.gateway.throttling;

import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How many CONNECTs a node takes of one user. Each makes the engine find a session and tells others who is there. Those beyond the rate wait; one that would
 * wait too long is refused at once.
 */
public final class UserConnects {
    private final UserBuckets users;
    private final Duration longestWait;

    /**
     * Full buckets for everybody.
     *
     * @param rate what is taken of one user
     * @param longestWait of one CONNECT
     */
    public UserConnects(Rate rate, Duration longestWait) {
        this.users = new UserBuckets(rate);
        this.longestWait = longestWait;
    }

    /**
     * Takes one CONNECT of a user who has been verified.
     *
     * @param clock completes what has to wait
     * @return true when it is its turn, false at once if that would take too long
     */
    public CompletableFuture<Boolean> admit(UserId user, ScheduledExecutorService clock) {
        return users.takeOne(user, longestWait, clock);
    }
}
