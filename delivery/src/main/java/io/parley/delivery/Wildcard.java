package io.parley.delivery;

import io.parley.protocol.Feed;
import io.parley.protocol.log.AttachAll;
import io.parley.protocol.log.DetachAll;
import io.parley.protocol.log.UserCommand;
import java.util.Set;
import java.util.function.Consumer;

/** What the user machine was told that one connection wants of all conversations of its user. On its shard. */
final class Wildcard {
    private final Filters filters;
    private final Consumer<UserCommand.Builder> userMachine;
    private final boolean cleanStart;
    private final CleanStart starting;

    /** Whether it was told that messages are wanted. */
    private boolean following;

    /**
     * @param filters what is wanted now
     * @param userMachine takes commands of the connection
     */
    Wildcard(Filters filters, Consumer<UserCommand.Builder> userMachine, Shard shard, boolean cleanStart) {
        this.filters = filters;
        this.userMachine = userMachine;
        this.cleanStart = cleanStart;
        this.starting = new CleanStart(shard);
    }

    /** Who waits until a clean start took effect. */
    CleanStart starting() {
        return starting;
    }

    /** The engine may have forgotten it. */
    void announce() {
        if (!filters.everywhere().isEmpty()) {
            attach(false);
        }
    }

    /**
     * More is wanted, or the same again.
     *
     * @param done run once on the shard: at a clean start when each conversation has answered, or after 30 s
     */
    void attach(Runnable done) {
        boolean clean = cleanStart && !following && filters.everywhere().contains(Feed.MSG);
        if (clean) {
            starting.asked();
        }
        attach(clean);
        starting.whenDone(done);
    }

    private void attach(boolean clean) {
        following = filters.everywhere().contains(Feed.MSG);
        userMachine.accept(UserCommand.newBuilder()
                .setAttachAll(AttachAll.newBuilder()
                        .setAttach(Signals.attach(filters.everywhere())
                                .setRightsOnly(!following)
                                .setCleanStart(clean))));
    }

    /** Perhaps less is wanted than before. */
    void attachLess(Set<Feed> before) {
        if (before.equals(filters.everywhere())) {
            return;
        }
        if (filters.everywhere().isEmpty()) {
            following = false;
            userMachine.accept(UserCommand.newBuilder().setDetachAll(DetachAll.getDefaultInstance()));
        } else {
            attach(false);
        }
    }
}
