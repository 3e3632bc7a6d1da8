package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.runtime.CassandraSettings;
import io.parley.standalone.cassandra.CassandraProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Cassandra of a test's own, with the tables of one keyspace, and what writes and reads them. */
record TestCassandra(
        CassandraProcess process,
        CqlSession session,
        ConversationWriter writer,
        HistoryReader reader,
        CassandraEventStore store)
        implements AutoCloseable {

    /** So long may a test go on without a writer's report. */
    private static final Duration LONGEST = Duration.ofHours(1);

    static TestCassandra start(Path data) throws Exception {
        return start(data, Map.of());
    }

    /** One with settings of the server. */
    static TestCassandra start(Path data, Map<String, String> server) throws Exception {
        CassandraProcess process = CassandraProcess.start(data, server);
        CassandraSettings settings = settings(process, "parley");
        CqlSession session = CassandraConnection.open(settings);
        Schema.ensure(session, settings);
        HistoryReader reader = Schema.await(session, "parley", () -> new HistoryReader(session, "parley", LONGEST));
        HistoryProgress progress = new HistoryProgress(session, "parley");
        // There is no writer that tells so again: what a test has written is all.
        Instant now = progress.clock().toCompletableFuture().get(30, TimeUnit.SECONDS);
        progress.report(Map.of(0, now), 1).toCompletableFuture().get(30, TimeUnit.SECONDS);
        return new TestCassandra(
                process,
                session,
                new ConversationWriter(session, "parley"),
                reader,
                new CassandraEventStore(session, "parley"));
    }

    /** Settings of another keyspace there. */
    CassandraSettings settings(String keyspace) {
        return settings(process, keyspace);
    }

    private static CassandraSettings settings(CassandraProcess process, String keyspace) {
        return new CassandraSettings(List.of(process.address()), "datacenter1", keyspace, 1);
    }

    @Override
    public void close() {
        session.close();
        process.close();
    }
}
