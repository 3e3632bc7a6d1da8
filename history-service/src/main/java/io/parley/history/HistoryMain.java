package io.parley.history;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.kafka.RevocationLog;
import io.parley.history.media.MediaRoutes;
import io.parley.history.polling.CursorSeal;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.media.Media;
import io.parley.media.MediaSettings;
import io.parley.media.SignedLinks;
import io.parley.pluginlink.PluginLink;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.LimitSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import io.parley.runtime.Settings;
import io.parley.storage.CassandraConnection;
import io.parley.storage.CassandraEventStore;
import io.parley.storage.HistoryReader;
import io.parley.storage.ReadBudget;
import io.parley.storage.Schema;
import io.parley.storage.UserReads;
import io.parley.storage.cache.RecentMessages;
import io.parley.stores.StoredEvents;
import io.parley.stores.StoredMedia;
import io.parley.stores.StoredReads;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The history service's process: waits for Cassandra and its tables, then serves reads; the rest follows when the log is there. */
public final class HistoryMain {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryMain.class);

    private static final int KEY_BYTES = 32;

    private HistoryMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.run("history", (all, lifecycle) -> {
            HistorySettings settings = HistorySettings.from(all);
            TokenVerifier own =
                    verifier(settings.jwt(), JwtSettings.longestLife(all), revocations(settings, all, lifecycle));
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
            EventStore store = Schema.await(
                    session, keyspace, () -> new StoredEvents(new CassandraEventStore(session, keyspace, recent)));
            Media media = lifecycle.own(
                    "media",
                    Media.open(
                            MediaSettings.from(all),
                            session,
                            keyspace,
                            settings.reading().longestBehind(),
                            registry));
            media.sweep();
            CursorSeal seal = seal(settings.node().cursorKey());
            Optional<PluginLink> plugins = PluginLink.open(all, lifecycle, registry);
            LogSide log = lifecycle.own(
                    "log",
                    LogSide.start(
                            settings.node(),
                            LimitSettings.from(all),
                            new Stores(store, new StoredReads(reads), new StoredMedia(media)),
                            seal,
                            plugins));
            Gauge.builder(
                            "parley.history.devices",
                            log,
                            side -> side.now()
                                    .map(chat -> chat.polls().connected())
                                    .orElse(0))
                    .description("Devices that are connected by polling or a stream of events")
                    .register(registry);
            Askers askers = new Askers(own, new RequestLimit(settings.requestsPerTenSeconds()));
            List<Routes> routes = ApiRoutes.all(settings, new ApiRoutes.Serving(askers, reads, log, seal, answering));
            ServiceHealth health = new ServiceHealth(session, reader);
            MediaRoutes attachments = new MediaRoutes(
                    media, SignedLinks.open(media.settings().linkKey()), new MediaAskers(askers), registry);
            Tokens tokens = plugins.map(link -> link.tokens(own)).orElseGet(() -> Tokens.own(own));
            HistoryServer server = HistoryServer.start(
                    settings,
                    routes,
                    attachments.andThen(config -> AskedTokens.before(config, tokens)),
                    registry,
                    health::now);
            lifecycle.own("http", server);
            LOG.info("listening on http://{}:{}", settings.bind(), server.port());
        });
    }

    private static CursorSeal seal(String key) {
        if (!key.isEmpty()) {
            return new CursorSeal(key);
        }
        LOG.warn("parley.history.poll.cursor-key is not set: cursors are good in this process only, until it ends");
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return new CursorSeal(HexFormat.of().formatHex(random));
    }

    private static Revocations revocations(HistorySettings settings, Settings all, Lifecycle lifecycle) {
        if (!all.flag("parley.history.revocations")) {
            return Revocations.NONE;
        }
        RevocationLog log =
                lifecycle.own("revocations", new RevocationLog(settings.node().kafka(), JwtSettings.longestLife(all)));
        log.start();
        return log::notBefore;
    }

    private static TokenVerifier verifier(JwtSettings jwt, Duration longestLife, Revocations revocations) {
        return TokenVerifier.of(jwt.jwks(), jwt.issuer(), jwt.audience(), longestLife, revocations);
    }
}
