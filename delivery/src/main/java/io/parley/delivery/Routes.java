package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of the node's connections want each conversation. When the last one goes, the engine is told, with the number of the last
 * answer seen: an attach that is still under way makes the engine ignore that.
 */
final class Routes {
    private record Use(long ordinal, int connections, int since) {}

    private final Node node;
    private final CommandLog log;
    private final Map<ConversationId, Use> uses = new ConcurrentHashMap<>();

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

    /** An event came. If nobody wants it, the route may be from an earlier life of this node. */
    void used(ConversationId conversation) {
        if (!uses.containsKey(conversation)) {
            detach(conversation, 0);
        }
    }

    private void detach(ConversationId conversation, long ordinal) {
        ConversationCommand command = ConversationCommand.newBuilder()
                .setDetach(Detach.newBuilder().setNode(node).setOrdinal(ordinal))
                .build();
        // A detach that is lost costs deliveries that nobody takes; the next of them sends it again.
        log.append(conversation, command, failure -> {});
    }
}
