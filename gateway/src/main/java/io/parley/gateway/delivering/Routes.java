package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of the node's connections want each conversation. When the last one goes, the engine is told, with the number of the last
 * answer seen: an attach that is still under way makes the engine ignore that.
 */
final class Routes {
    private record Use(long ordinal, int connections, int since) {}

    private static final int MAX_TOLD = 10_000;

    private final Node node;
    private final CommandLog log;
    private final Map<ConversationId, Use> uses = new ConcurrentHashMap<>();
    /** Of what the engine was told that nobody wants it; it may take a moment. The newest of them. */
    private final Set<ConversationId> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ConversationId, Boolean> eldest) {
                    return size() > MAX_TOLD;
                }
            }));
    /** The ordinals of the detaches that the log did not take. */
    private final Map<ConversationId, Long> lost = new ConcurrentHashMap<>();

    Routes(Node node, CommandLog log) {
        this.node = node;
        this.log = log;
    }

    /** The engine answered an attach, when the conversation stood at that head. */
    void opened(ConversationId conversation, long ordinal, int head) {
        uses.merge(
                conversation,
                new Use(ordinal, 1, head),
                (before, one) ->
                        new Use(Math.max(before.ordinal(), ordinal), before.connections() + 1, before.since()));
        told.remove(conversation);
        lost.remove(conversation);
    }

    /** Every event with a greater seq came by this node since; of those up to it, it may have missed that they were deleted. */
    int since(ConversationId conversation) {
        Use use = uses.get(conversation);
        return use == null ? Integer.MAX_VALUE : use.since();
    }

    /** One connection, opened before, wants it no more. */
    void closed(ConversationId conversation) {
        uses.computeIfPresent(conversation, (key, use) -> {
            if (use.connections() > 1) {
                return new Use(use.ordinal(), use.connections() - 1, use.since());
            }
            detach(conversation, use.ordinal());
            return null;
        });
    }

    /** An event came. If nobody wants it, the detach was lost, or the route is from an earlier life of this node. */
    void used(ConversationId conversation) {
        if (!uses.containsKey(conversation) && !told.contains(conversation)) {
            detach(conversation, lost.getOrDefault(conversation, 0L));
        }
    }

    private void detach(ConversationId conversation, long ordinal) {
        ConversationCommand command = ConversationCommand.newBuilder()
                .setDetach(Detach.newBuilder().setNode(node).setOrdinal(ordinal))
                .build();
        told.add(conversation);
        log.append(conversation, command, failure -> {
            if (failure == null) {
                lost.remove(conversation);
            } else {
                // It costs deliveries that nobody takes; the next of them sends it again.
                lost.put(conversation, ordinal);
                told.remove(conversation);
            }
        });
    }
}
