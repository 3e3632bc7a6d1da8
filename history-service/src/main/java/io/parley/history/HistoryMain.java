package io.parley.history;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.gateway.delivering.EventStore;
import io.parley.identity.TokenVerifier;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.LimitSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import io.parley.storage.CassandraConnection;
import io.parley.storage.CassandraEventStore;
import io.parley.storage.HistoryReader;
import io.parley.storage.ReadBudget;
import io.parley.storage.Schema;
import io.parley.storage.UserReads;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The history service's process: waits for Cassandra and its tables, then serves reads; the rest follows when the log is there. */
public final class HistoryMain {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryMain.class);

    private HistoryMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.run("history", (all, lifecycle) -> {
            HistorySettings settings = HistorySettings.from(all);
            TokenVerifier tokens = verifier(settings.jwt());
            String keyspace = settings.cassandra().keyspace();
            PrometheusMeterRegistry registry = ProcessMetrics.registry("history");
            CqlSession session = lifecycle.own("cassandra", CassandraConnection.open(settings.cassandra()));
            HistoryReader reader = Schema.await(
                    session,
                    keyspace,
                    () -> new HistoryReader(
                            session, keyspace, settings.reading().longestBehind()));
            ScheduledExecutorService timer =
                    Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "reads"));
            lifecycle.onStop("reads", timer::shutdownNow);
            ReadBudget budget = ReadBudget.of(settings.reads(), timer);
            Gauge.builder("parley.history.reads.waiting", budget, ReadBudget::waiting)
                    .description("Reads of users that wait for their turn")
                    .register(registry);
            UserReads reads = new UserReads(reader, budget);
            // As many threads as answers are written at once, which the budget bounds.
            ExecutorService answering = Executors.newCachedThreadPool();
            lifecycle.onStop("answering", answering::shutdownNow);
            EventStore store = Schema.await(session, keyspace, () -> new CassandraEventStore(session, keyspace))::read;
            LogSide log = lifecycle.own(
                    "log", LogSide.start(settings.node(), LimitSettings.from(all), store, new StoredPages(reads)));
            Askers askers = new Askers(tokens, new RequestLimit(settings.requestsPerTenSeconds()));
            List<Routes> routes = List.of(
                    new HistoryApi(askers, reads, log, settings.timeout(), answering),
                    new PostRoutes(askers, log, settings.timeout(), answering));
            ServiceHealth health = new ServiceHealth(session, reader);
            HistoryServer server = HistoryServer.start(settings, routes, registry, health::now);
            lifecycle.own("http", server);
            LOG.info("listening on http://{}:{}", settings.bind(), server.port());
        });
    }

    private static TokenVerifier verifier(JwtSettings jwt) {
        return TokenVerifier.of(jwt.jwks(), jwt.issuer(), jwt.audience());
    }
}
