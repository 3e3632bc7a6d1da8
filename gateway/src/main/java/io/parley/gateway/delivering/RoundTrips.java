package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Questions of the node itself, for nothing but their way: the log, the engine, the deliveries. They leave nothing behind. */
final class RoundTrips {
    /** A group that nobody founded: the engine answers that one is no member. Made ids are longer. */
    private static final ConversationId NOWHERE = ConversationId.parse("g0000000000");

    private static final Attach QUESTION =
            Attach.newBuilder().setRightsOnly(true).build();

    private final CommandLog log;
    private final Origin origin;
    private final AtomicLong connections;
    private final Map<Long, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /** @param connections the numbers of the node's connections: each trip takes one, as if it were one */
    RoundTrips(Node node, CommandLog log, AtomicLong connections) {
        this.log = log;
        this.origin = Origin.newBuilder()
                .setUser("parley")
                .setDevice("node")
                .setNode(node)
                .build();
        this.connections = connections;
    }

    /** Sets out. Done when the answer is back; failed if the log does not take the question. */
    CompletableFuture<Void> start() {
        long connection = connections.incrementAndGet();
        CompletableFuture<Void> trip = new CompletableFuture<>();
        underWay.put(connection, trip);
        ConversationCommand question = ConversationCommand.newBuilder()
                .setOrigin(origin.toBuilder().setConnection(connection))
                .setAttach(QUESTION)
                .build();
        log.append(NOWHERE, question, failure -> {
            if (failure != null) {
                underWay.remove(connection);
                trip.completeExceptionally(failure);
            }
        });
        return trip;
    }

    /** An answer came. True if it was to one of these. */
    boolean isBack(Attached answer) {
        CompletableFuture<Void> trip = underWay.remove(answer.getConnection());
        return trip != null && trip.complete(null);
    }
}
