package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Filters;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Subscribe;

/** Whether the user machine was told that one session wants the messages of all conversations of its user. On its shard. */
final class Wildcard {
    private final Filters filters;
    private final boolean cleanStart;
    private final CleanStart starting;
    private boolean following;

    /**
     * @param filters what is wanted now
     * @param cleanStart whether the session began with this connection, at the heads
     */
    Wildcard(Filters filters, Shard shard, boolean cleanStart) {
        this.filters = filters;
        this.cleanStart = cleanStart;
        this.starting = new CleanStart(shard);
    }

    /** Who waits until a clean start took effect. */
    CleanStart starting() {
        return starting;
    }

    /** The user machine is told to attach the connection everywhere, for more than before or the same again. */
    void attach(Subscribe.Builder command) {
        boolean clean = cleanStart && !following && filters.everywhere().contains(Feed.MSG);
        if (clean) {
            starting.asked();
        }
        following = filters.everywhere().contains(Feed.MSG);
        command.setAttachAll(true).setCleanStart(clean);
    }

    /** Something was unsubscribed. */
    void less() {
        following = filters.everywhere().contains(Feed.MSG);
    }
}
