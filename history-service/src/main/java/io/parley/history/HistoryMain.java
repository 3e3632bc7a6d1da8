package io.parley.history;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.identity.TokenVerifier;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import io.parley.storage.CassandraConnection;
import io.parley.storage.HistoryReader;
import io.parley.storage.ReadBudget;
import io.parley.storage.Schema;
import io.parley.storage.UserReads;
import io.parley.storage.cache.RecentMessages;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The history service's process: waits for Cassandra and its tables, then serves. */
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
            HistoryCacheSettings cache = HistoryCacheSettings.from(all);
            RecentMessages recent = lifecycle.own(
                    "recent messages",
                    Schema.await(
                            session,
                            keyspace,
                            () -> RecentMessages.ofReader(cache, Schema.identity(session, keyspace), registry)));
            HistoryReader reader = Schema.await(
                    session,
                    keyspace,
                    () -> new HistoryReader(
                            session, keyspace, settings.reading().longestBehind(), recent));
            RequestLimit limit = new RequestLimit(settings.requestsPerTenSeconds());
            ScheduledExecutorService timer =
                    Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "reads"));
            lifecycle.onStop("reads", timer::shutdownNow);
            ReadBudget budget = ReadBudget.of(settings.reads(), timer);
            Gauge.builder("parley.history.reads.waiting", budget, ReadBudget::waiting)
                    .description("Reads of users that wait for their turn")
                    .register(registry);
            // As many threads as answers are written at once, which the budget bounds.
            ExecutorService answering = Executors.newCachedThreadPool();
            lifecycle.onStop("answering", answering::shutdownNow);
            HistoryApi api =
                    new HistoryApi(tokens, new UserReads(reader, budget), limit, settings.timeout(), answering);
            ServiceHealth health = new ServiceHealth(session, reader);
            HistoryServer server = HistoryServer.start(settings, api, registry, health::now);
            lifecycle.own("http", server);
            LOG.info("listening on http://{}:{}", settings.bind(), server.port());
        });
    }

    private static TokenVerifier verifier(JwtSettings jwt) {
        return TokenVerifier.of(jwt.jwks(), jwt.issuer(), jwt.audience());
    }
}
