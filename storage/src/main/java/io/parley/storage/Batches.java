package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows in few requests: what has the same replicas goes together, unlogged, whoever asked for it within the same millisecond. A row in a batch costs
 * Cassandra a fifth of one written alone. Rows with the same replicas are taken or refused together, so that nobody waits for a replica that their own rows do not need.
 */
final class Batches {
    /** In Cassandra's words: of a batch, a mutation, a key, a request, and of limits that an operator has set. */
    private static final List<String> FOR_GOOD =
            List.of("too large", "longer than maximum", "exceeds allowed maximum", "Guardrail");

    private static final int BATCH_ROWS = 50;
    /** A Cassandra refuses batches above 50 KiB unless its operator says otherwise. A larger row goes alone, and is no batch. */
    private static final int BATCH_BYTES = 32 * 1024;

    /** The tasks are short: they hand requests to the driver. */
    private static final Executor SOON = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run);

    /** Sends rows with the same replicas in one request. */
    interface Requests {
        CompletionStage<?> send(List<RowWrite> together);
    }

    private final Requests requests;
    private final Function<RowWrite, Set<?>> replicas;
    private final RefusedRows refused;
    private final Executor soon;
    /** Guarded by this. */
    private final Map<Set<?>, Gathered> gathered = new HashMap<>();
    /** Guarded by this. */
    private boolean sendingSoon;

    /** Those that ask for one row or many; done with the last. */
    private static final class Asked {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicInteger left;

        private Asked(int rows) {
            left = new AtomicInteger(rows);
        }

        private void ended(@Nullable Throwable failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (left.decrementAndGet() == 0) {
                done.complete(null);
            }
        }
    }

    /** What goes in one request, and who waits for each row. */
    private static final class Gathered {
        private final List<RowWrite> rows = new ArrayList<>();
        private final List<Asked> asked = new ArrayList<>();
        private int bytes;
    }

    /** @param refused gets what Cassandra refuses for good */
    Batches(CqlSession session, String keyspace, RefusedRows refused) {
        this(
                together -> session.executeAsync(statement(keyspace, together)),
                row -> {
                    ByteBuffer key = row.statement().getRoutingKey();
                    return key == null
                            ? Set.of()
                            : session.getMetadata()
                                    .getTokenMap()
                                    .map(map -> map.getReplicas(keyspace, key))
                                    .orElse(Set.of());
                },
                refused,
                SOON);
    }

    /** @param soon runs a task a moment later, in which more rows may come */
    Batches(Requests requests, Function<RowWrite, Set<?>> replicas, RefusedRows refused, Executor soon) {
        this.requests = requests;
        this.replicas = replicas;
        this.refused = refused;
        this.soon = soon;
    }

    /** As {@link #write}, for rows that follow from stored ones. */
    CompletionStage<Void> execute(List<BoundStatement> statements) {
        return write(RowWrite.of(statements));
    }

    /** Done when all rows are written, whose order among each other does not matter, or buried; fails if one could not be written now. */
    CompletionStage<Void> write(List<RowWrite> rows) {
        if (rows.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Asked asked = new Asked(rows.size());
        List<Gathered> full = new ArrayList<>();
        boolean first;
        synchronized (this) {
            rows.forEach(row -> gather(row, asked, full));
            first = !gathered.isEmpty() && !sendingSoon;
            sendingSoon |= first;
        }
        full.forEach(this::send);
        if (first) {
            soon.execute(this::sendGathered);
        }
        return asked.done;
    }

    private void gather(RowWrite row, Asked asked, List<Gathered> full) {
        Set<?> key = replicas.apply(row);
        Gathered batch = gathered.computeIfAbsent(key, unused -> new Gathered());
        if (!batch.rows.isEmpty() && batch.bytes + row.bytes() > BATCH_BYTES) {
            full.add(batch);
            batch = new Gathered();
            gathered.put(key, batch);
        }
        batch.rows.add(row);
        batch.asked.add(asked);
        batch.bytes += row.bytes();
        if (batch.rows.size() == BATCH_ROWS) {
            full.add(batch);
            gathered.remove(key);
        }
    }

    private void sendGathered() {
        List<Gathered> all;
        synchronized (this) {
            all = List.copyOf(gathered.values());
            gathered.clear();
            sendingSoon = false;
        }
        all.forEach(this::send);
    }

    private void send(Gathered batch) {
        send(batch.rows, batch.asked);
    }

    /** What Cassandra refuses for good is not tried again as it is: a batch is halved, and a single row buried. */
    private void send(List<RowWrite> rows, List<Asked> asked) {
        requested(rows).whenComplete((done, failure) -> {
            if (failure == null || !isForGood(failure)) {
                asked.forEach(each -> each.ended(failure));
            } else if (rows.size() == 1) {
                bury(rows.get(0), failure)
                        .whenComplete((buried, other) -> asked.get(0).ended(other));
            } else {
                int half = rows.size() / 2;
                send(rows.subList(0, half), asked.subList(0, half));
                send(rows.subList(half, rows.size()), asked.subList(half, rows.size()));
            }
        });
    }

    private CompletionStage<?> requested(List<RowWrite> rows) {
        try {
            return requests.send(rows);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<?> bury(RowWrite row, Throwable failure) {
        RefusedRow known = new RefusedRow(
                row.key(),
                row.event(),
                row.statement().getPreparedStatement().getQuery(),
                row.bytes(),
                String.valueOf(cause(failure).getMessage()));
        BoundStatement instead = row.instead();
        return refused.bury(known)
                .thenCompose(done -> instead == null
                        ? CompletableFuture.completedFuture(null)
                        : insteadOf(new RowWrite(instead, row.key(), null, null)));
    }

    /** A mark in the row's place that is refused as well is left out: the row itself is buried. */
    private CompletionStage<?> insteadOf(RowWrite mark) {
        CompletableFuture<Void> marked = new CompletableFuture<>();
        requested(List.of(mark)).whenComplete((done, failure) -> {
            if (failure == null || isForGood(failure)) {
                marked.complete(null);
            } else {
                marked.completeExceptionally(failure);
            }
        });
        return marked;
    }

    private static Statement<?> statement(String keyspace, List<RowWrite> together) {
        BoundStatement first = together.get(0).statement();
        if (together.size() == 1) {
            return first;
        }
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED)
                .setRoutingKey(first.getRoutingKey())
                .setRoutingKeyspace(keyspace);
        together.forEach(row -> batch.addStatement(row.statement()));
        return batch.build();
    }

    /** The request is refused for what it is, its size above all. A keyspace, table or column that is not there yet is no such case: it is waited for. */
    private static boolean isForGood(Throwable failure) {
        Throwable cause = cause(failure);
        String message = String.valueOf(cause.getMessage());
        return cause instanceof InvalidQueryException && FOR_GOOD.stream().anyMatch(message::contains);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
