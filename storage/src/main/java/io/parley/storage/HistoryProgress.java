package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.parley.protocol.LogTopics;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Stores up to which time the events of each partition of the log are written. All times are Cassandra's: the clocks of writers and readers do not
 * matter.
 */
public final class HistoryProgress {
    private static final String CLOCK = "SELECT toTimestamp(now()) FROM system.local";

    private final CqlSession session;
    private final PreparedStatement report;

    /** Prepares its statement: the tables must exist, see {@link Schema#ensure}. */
    public HistoryProgress(CqlSession session, String keyspace) {
        this.session = session;
        this.report = session.prepare("INSERT INTO " + keyspace + "." + Schema.PROGRESS
                + " (topic, partition, partitions, written_until) VALUES (?, ?, ?, ?) USING TIMESTAMP ?");
    }

    /** What Cassandra's clock shows now. Fails when Cassandra cannot be reached. */
    public CompletionStage<Instant> clock() {
        return session.executeAsync(SimpleStatement.newInstance(CLOCK))
                .thenApply(rows -> Objects.requireNonNull(Objects.requireNonNull(rows.one(), "system.local has one row")
                        .getInstant(0)));
    }

    /**
     * Stores times. A stored time never moves back: it is its cell's write time.
     *
     * @param writtenUntil by partition of the events, at least one: every event that was in the log at that time is written
     * @param partitions how many the topic has
     * @return done when Cassandra has them; fails when it could not take them
     */
    public CompletionStage<?> report(Map<Integer, Instant> writtenUntil, int partitions) {
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
        writtenUntil.forEach((partition, time) -> batch.addStatement(
                report.bind(LogTopics.EVENTS, partition, partitions, time, time.toEpochMilli() * 1000)));
        return session.executeAsync(batch.build());
    }
}
