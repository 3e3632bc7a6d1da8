package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How many of the node's connections want each conversation. Ten minutes after the last one went, or with the first event that nobody wants, the engine
 * is told, with the number of the last answer seen: an attach that is still under way makes the engine ignore that.
 */
final class Routes {
    private record Use(long ordinal, int connections, int since) {}

    /** A route without use ends after this time. */
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final int MAX_TOLD = 10_000;
    private static final int MAX_UNUSED = 100_000;

    private final Node node;
    private final CommandLog log;
    private final Map<ConversationId, Use> uses = new ConcurrentHashMap<>();
    /** Those that no connection wants, and since when, the longest first. */
    private final Map<ConversationId, Long> unused = Collections.synchronizedMap(new LinkedHashMap<>());

    private volatile long nowNanos;
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
        unused.remove(conversation);
        told.remove(conversation);
        lost.remove(conversation);
    }

    /** Every event with a greater seq came by this node since. Of those up to it, the node may have missed deletions: only the store tells of them. */
    int since(ConversationId conversation) {
        Use use = uses.get(conversation);
        return use == null ? Integer.MAX_VALUE : use.since();
    }

    /** One connection, opened before, wants it no more. */
    void closed(ConversationId conversation) {
        closed(conversation, false);
    }

    /** The same, after a time in which nothing happened. */
    void left(ConversationId conversation) {
        closed(conversation, true);
    }

    private void closed(ConversationId conversation, boolean idle) {
        uses.computeIfPresent(conversation, (key, use) -> {
            int rest = Math.max(0, use.connections() - 1);
            if (rest == 0 && (idle || unused.size() >= MAX_UNUSED)) {
                detach(conversation, use.ordinal());
                return null;
            }
            if (rest == 0) {
                unused.put(conversation, nowNanos);
            }
            return new Use(use.ordinal(), rest, use.since());
        });
    }

    /** An event came. If nobody wants it, the route is not of use any more, the detach was lost, or the route is from an earlier life of this node. */
    void used(ConversationId conversation) {
        Use use = uses.get(conversation);
        if (use != null && use.connections() == 0) {
            end(conversation);
        } else if (use == null && !told.contains(conversation)) {
            detach(conversation, lost.getOrDefault(conversation, 0L));
        }
    }

    /** Called now and then: ends what was not of use for long. */
    void tick(long nanos) {
        nowNanos = nanos;
        List<ConversationId> over;
        synchronized (unused) {
            over = unused.entrySet().stream()
                    .takeWhile(entry -> nanos - entry.getValue() > IDLE_NANOS)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        over.forEach(this::end);
    }

    private void end(ConversationId conversation) {
        unused.remove(conversation);
        uses.computeIfPresent(conversation, (key, use) -> {
            if (use.connections() > 0) {
                return use;
            }
            detach(conversation, use.ordinal());
            return null;
        });
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
