package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The attaches of one connection that the engine has not answered yet, and who waits for the answers. On its shard. */
final class Questions {
    private static final long LIMIT_SECONDS = 30;

    private final CommandLog log;
    private final Shard shard;
    private final DeviceSession session;
    private final QuestionLimits limits;
    private final Map<ConversationId, Pending> aboutRights = new HashMap<>();
    private final Map<ConversationId, Pending> aboutMessages = new HashMap<>();
    /** Apart from rights: the answer comes when the conversation may begin. */
    private final Map<ConversationId, Pending> aboutWriting = new HashMap<>();

    private int waiting;

    /** A question that was asked, with the snapshots that come with its answer, and who waits for it. */
    private static final class Pending {
        private final List<Consumer<@Nullable Attached>> answers = new ArrayList<>();
        private boolean receipts;
        private boolean presence;

        /** Whether the attach brings a snapshot that was not asked for yet. Now it is. */
        boolean isMore(Attach.Builder attach) {
            boolean more = (attach.getReceipts() && !receipts) || (attach.getPresence() && !presence);
            receipts |= attach.getReceipts();
            presence |= attach.getPresence();
            return more;
        }
    }

    Questions(CommandLog log, Shard shard, DeviceSession session, QuestionLimits limits) {
        this.log = log;
        this.shard = shard;
        this.session = session;
        this.limits = limits;
    }

    /** Whether so many more may be asked now; if not, later. */
    boolean hasRoom(int more) {
        return limits.allow(more, waiting);
    }

    /**
     * Asks, or waits with who asked before. What they asked for is not asked for again before it is answered.
     *
     * @param answer called once: with null when the log does not take the question or no answer comes in {@value #LIMIT_SECONDS} s
     */
    void ask(ConversationId conversation, Attach.Builder attach, Consumer<@Nullable Attached> answer) {
        pending(conversation, attach).answers.add(answer);
        waiting++;
        limits.asked();
    }

    /** Asks for what comes as signals, if it is not asked for already; nobody waits. */
    void tell(ConversationId conversation, Attach.Builder attach) {
        pending(conversation, attach);
    }

    private Pending pending(ConversationId conversation, Attach.Builder attach) {
        Map<ConversationId, Pending> all = pending(attach.getRightsOnly(), attach.getToWrite());
        Pending others = all.get(conversation);
        if (others != null) {
            if (others.isMore(attach)) {
                append(conversation, attach, failure -> {});
            }
            return others;
        }
        Pending asked = new Pending();
        asked.isMore(attach);
        all.put(conversation, asked);
        Runnable giveUp = () -> {
            if (all.remove(conversation, asked)) {
                settled(asked).forEach(one -> one.accept(null));
            }
        };
        append(conversation, attach, failure -> {
            if (failure != null) {
                shard.loop().execute(giveUp);
            }
        });
        shard.loop().schedule(giveUp, TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        return asked;
    }

    /** Who waited for that answer; nobody if it was not asked for, as those to a wildcard subscription. */
    List<Consumer<@Nullable Attached>> answered(ConversationId conversation, Attached answer) {
        Pending asked = answer.getWildcard()
                ? null
                : pending(answer.getRightsOnly(), answer.getToWrite()).remove(conversation);
        return asked == null ? List.of() : settled(asked);
    }

    /** The connection ended: nobody waits any more. */
    void end() {
        limits.answered(waiting);
        waiting = 0;
    }

    private List<Consumer<@Nullable Attached>> settled(Pending asked) {
        int settled = Math.min(waiting, asked.answers.size());
        waiting -= settled;
        limits.answered(settled);
        return asked.answers;
    }

    private Map<ConversationId, Pending> pending(boolean rightsOnly, boolean toWrite) {
        if (toWrite) {
            return aboutWriting;
        }
        return rightsOnly ? aboutRights : aboutMessages;
    }

    private void append(ConversationId conversation, Attach.Builder attach, Consumer<@Nullable Exception> done) {
        log.append(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(session.origin())
                        .setAttach(attach.setTransient(session.terms().isTransient()))
                        .build(),
                done);
    }
}
