package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes many rows in few requests: what has the same replicas goes together, unlogged. A row in a batch costs Cassandra a fifth of one
 * written alone.
 */
final class Batches {
    private static final Logger LOG = LoggerFactory.getLogger(Batches.class);
    /** In Cassandra's words: of a batch, a mutation, a key, and of limits that an operator has set. */
    private static final List<String> FOR_GOOD = List.of("too large", "longer than maximum", "Guardrail");

    private static final int BATCH_ROWS = 50;
    /** A Cassandra refuses batches above 50 KiB unless its operator says otherwise. A larger row goes alone, and is no batch. */
    private static final int BATCH_BYTES = 32 * 1024;
    /** What a row takes besides its values, at most: they are counted for each mutation. */
    private static final int ROW_BYTES = 128;

    private final CqlSession session;
    private final String keyspace;

    Batches(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /** Done when all statements are, whose order among each other does not matter; fails if one does. */
    CompletionStage<Void> execute(List<BoundStatement> statements) {
        Map<Set<Node>, List<BoundStatement>> byReplicas = new LinkedHashMap<>();
        Optional<TokenMap> tokens = session.getMetadata().getTokenMap();
        for (BoundStatement statement : statements) {
            byReplicas
                    .computeIfAbsent(replicas(tokens, statement), key -> new ArrayList<>())
                    .add(statement);
        }
        List<CompletableFuture<?>> running = new ArrayList<>();
        byReplicas.values().forEach(together -> send(together, running));
        return CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0]));
    }

    private Set<Node> replicas(Optional<TokenMap> tokens, BoundStatement statement) {
        ByteBuffer key = statement.getRoutingKey();
        return key == null
                ? Set.of()
                : tokens.map(map -> map.getReplicas(keyspace, key)).orElse(Set.of());
    }

    private void send(List<BoundStatement> statements, List<CompletableFuture<?>> running) {
        int from = 0;
        while (from < statements.size()) {
            int bytes = bytes(statements.get(from));
            int next = from + 1;
            while (next < statements.size() && next - from < BATCH_ROWS) {
                bytes += bytes(statements.get(next));
                if (bytes > BATCH_BYTES) {
                    break;
                }
                next++;
            }
            running.add(write(statements.subList(from, next)).toCompletableFuture());
            from = next;
        }
    }

    private static int bytes(BoundStatement statement) {
        return ROW_BYTES
                + statement.getValues().stream()
                        .filter(Objects::nonNull)
                        .mapToInt(ByteBuffer::remaining)
                        .sum();
    }

    /** What Cassandra refuses for good is not tried again as it is: a batch is halved, and a single row left out, which is an error of ours. */
    private CompletionStage<Void> write(List<BoundStatement> together) {
        return session.executeAsync(statement(together))
                .<Void>thenApply(done -> null)
                .exceptionallyCompose(failure -> {
                    if (!isForGood(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    if (together.size() == 1) {
                        LOG.error(
                                "Cassandra refuses a row, which is left out bytes={} statement={}",
                                bytes(together.get(0)),
                                together.get(0).getPreparedStatement().getQuery(),
                                failure);
                        return CompletableFuture.completedFuture(null);
                    }
                    int half = together.size() / 2;
                    return write(together.subList(0, half))
                            .thenCompose(done -> write(together.subList(half, together.size())));
                });
    }

    private Statement<?> statement(List<BoundStatement> together) {
        if (together.size() == 1) {
            return together.get(0);
        }
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED)
                .setRoutingKey(together.get(0).getRoutingKey())
                .setRoutingKeyspace(keyspace);
        together.forEach(batch::addStatement);
        return batch.build();
    }

    /** The request is refused for what it is, its size above all. A keyspace, table or column that is not there yet is no such case: it is waited for. */
    private static boolean isForGood(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = String.valueOf(cause.getMessage());
        return cause instanceof InvalidQueryException && FOR_GOOD.stream().anyMatch(message::contains);
    }
}
