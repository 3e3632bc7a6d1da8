package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.gateway.subscribing.Permission;
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
    private final Map<ConversationId, List<Consumer<Permission>>> aboutRights = new HashMap<>();
    private final Map<ConversationId, List<Consumer<Permission>>> aboutMessages = new HashMap<>();

    Questions(CommandLog log, Shard shard, DeviceSession session) {
        this.log = log;
        this.shard = shard;
        this.session = session;
    }

    /**
     * Asks, or waits with who asked before.
     *
     * @param answer called once: with UNKNOWN when the log does not take the question or no answer comes in {@value #LIMIT_SECONDS} s
     */
    void ask(ConversationId conversation, Attach.Builder attach, Consumer<Permission> answer) {
        Map<ConversationId, List<Consumer<Permission>>> waiting = waiting(attach.getRightsOnly());
        List<Consumer<Permission>> others = waiting.get(conversation);
        if (others != null) {
            others.add(answer);
            if (attach.getReceipts() || attach.getPresence()) {
                // What the others asked may bring no snapshot.
                tell(conversation, attach);
            }
            return;
        }
        List<Consumer<Permission>> answers = new ArrayList<>(List.of(answer));
        waiting.put(conversation, answers);
        Runnable giveUp = () -> {
            if (waiting.remove(conversation, answers)) {
                answers.forEach(one -> one.accept(Permission.UNKNOWN));
            }
        };
        append(conversation, attach, failure -> {
            if (failure != null) {
                shard.loop().execute(giveUp);
            }
        });
        shard.loop().schedule(giveUp, TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }

    /** Asks for what comes as signals; nobody waits. */
    void tell(ConversationId conversation, Attach.Builder attach) {
        append(conversation, attach, failure -> {});
    }

    /** Who waited for that answer; nobody if it was not asked for, as those to a wildcard subscription. */
    List<Consumer<Permission>> answered(ConversationId conversation, Attached answer) {
        List<Consumer<Permission>> answers =
                answer.getWildcard() ? null : waiting(answer.getRightsOnly()).remove(conversation);
        return answers == null ? List.of() : answers;
    }

    private Map<ConversationId, List<Consumer<Permission>>> waiting(boolean rightsOnly) {
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
