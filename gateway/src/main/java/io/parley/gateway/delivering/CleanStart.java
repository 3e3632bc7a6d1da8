package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Who waits until a clean start took effect in all of the user's conversations: what is sequenced after that comes. The user machine
 * says which conversations it attaches, and each of them answers. On its shard.
 */
final class CleanStart {
    private static final long LIMIT_SECONDS = 30;

    private final Shard shard;
    private final List<Runnable> waiting = new ArrayList<>();
    private final Set<ConversationId> open = new HashSet<>();
    /** Of how many starts the conversations are not known yet. */
    private int asked;

    CleanStart(Shard shard) {
        this.shard = shard;
    }

    /** The user machine was asked to attach. */
    void asked() {
        asked++;
    }

    /** Runs the task when every conversation has answered, at once if none has to; after {@value #LIMIT_SECONDS} s anyway. */
    void whenDone(Runnable task) {
        waiting.add(task);
        settle();
        if (waiting.contains(task)) {
            shard.loop().schedule(() -> giveUp(task), TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        }
    }

    private void giveUp(Runnable task) {
        if (waiting.contains(task)) {
            asked = 0;
            open.clear();
            settle();
        }
    }

    /**
     * These are to answer.
     *
     * @param more whether further parts of the same list follow
     */
    void attaching(Collection<ConversationId> conversations, boolean more) {
        if (!more) {
            asked = Math.max(0, asked - 1);
        }
        open.addAll(conversations);
        settle();
    }

    /** The conversation answered. */
    void attached(ConversationId conversation) {
        if (open.remove(conversation)) {
            settle();
        }
    }

    private void settle() {
        if (asked == 0 && open.isEmpty()) {
            List<Runnable> done = List.copyOf(waiting);
            waiting.clear();
            done.forEach(Runnable::run);
        }
    }
}
