package io.parley.broker;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.broker.connect.TokenAuthenticator;
import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.netty.Backend;
import io.parley.broker.netty.Draining;
import io.parley.broker.netty.EmbeddedBroker;
import io.parley.broker.topics.TopicLoad;
import io.parley.gateway.ExecutorLoop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.delivering.Heartbeats;
import io.parley.gateway.kafka.DeliveriesConsumer;
import io.parley.gateway.kafka.EngineReadiness;
import io.parley.gateway.kafka.KafkaCommandLog;
import io.parley.gateway.kafka.LogReadiness;
import io.parley.gateway.kafka.NodeLease;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.ChatRequests;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Requests;
import io.parley.gateway.throttling.ConnectRate;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Rate;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.media.Media;
import io.parley.media.MediaSettings;
import io.parley.pluginlink.PluginLink;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.HistoryReadSettings;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.LimitSettings;
import io.parley.runtime.OperationsEndpoint;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ReadSettings;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker node's process. It keeps nothing: killed, its devices go on at any other node. */
public final class BrokerMain {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);
    private static final int CHECKING_THREADS = 2;
    /** Well within the time that a client waits for its CONNACK. */
    private static final Duration LONGEST_CONNECT_WAIT = Duration.ofSeconds(2);

    private static final long SILENCE_LIMIT_MILLIS = 5000;

    private BrokerMain() {}

    /** Runs until told to stop. */
    public static void main(String[] args) {
        ServerProcess.run("broker", BrokerMain::open);
    }

    private static void open(Settings settings, Lifecycle lifecycle) throws Exception {
        BrokerSettings broker = BrokerSettings.from(settings);
        KafkaSettings kafka = KafkaSettings.from(settings);
        CassandraSettings cassandra = CassandraSettings.from(settings);
        HistoryReadSettings reading = HistoryReadSettings.from(settings);
        HistoryCacheSettings caching = HistoryCacheSettings.from(settings);
        TokenVerifier own = verifier(settings);

        AtomicReference<Supplier<Health>> health = new AtomicReference<>(() -> Health.notReady("starting"));
        PrometheusMeterRegistry metrics = ProcessMetrics.registry("broker");
        lifecycle.own(
                "operations",
                OperationsEndpoint.start(
                        broker.bind(),
                        broker.operationsPort(),
                        metrics,
                        () -> Objects.requireNonNull(health.get()).get()));

        int slots = LogReadiness.await(kafka.client(), broker.startTimeout());
        NodeLease lease =
                lifecycle.own("lease", NodeLease.take(kafka.client(), slots, broker.slot(), broker.startTimeout()));
        CqlSession session = lifecycle.own("cassandra", CassandraConnection.open(cassandra));
        String keyspace = cassandra.keyspace();
        RecentMessages recent = lifecycle.own(
                "recent messages",
                Schema.await(
                        session,
                        keyspace,
                        () -> RecentMessages.ofReader(caching, Schema.identity(session, keyspace), metrics)));
        EventStore store = Schema.await(
                session, keyspace, () -> new StoredEvents(new CassandraEventStore(session, keyspace, recent)));
        HistoryReader reader = Schema.await(
                session, keyspace, () -> new HistoryReader(session, keyspace, reading.longestBehind(), recent));

        KafkaCommandLog log = lifecycle.own("log", new KafkaCommandLog(kafka.client()));
        DeliveryNode node = new DeliveryNode(
                lease.node(),
                log,
                store,
                PriceSettings.questions(settings),
                PriceSettings.listing(settings),
                settings.duration("parley.broker.push-after-unacknowledged"));
        TopicLoad topics = new TopicLoad(broker.topics());
        BrokerMetrics counts = new BrokerMetrics(metrics, node, topics);
        DeliveriesConsumer deliveries = lifecycle.own(
                "deliveries",
                new DeliveriesConsumer(
                        kafka.client(),
                        node,
                        lease::isHeld,
                        counts::delivered,
                        failure -> ServerProcess.fail("deliveries are read no more", failure)));
        deliveries.start();
        lease.watch(() -> deliveries.silence().toMillis() < SILENCE_LIMIT_MILLIS, why -> {
            node.end();
            ServerProcess.fail("the slot is lost", new IllegalStateException(why));
        });
        ScheduledExecutorService beating =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "heartbeats"));
        lifecycle.onStop("heartbeats", beating::shutdownNow);
        new Heartbeats(node, new ExecutorLoop(beating), lease::isHeld).start();
        EngineReadiness.await(node::roundTrip, broker.startTimeout());

        Limits limits = new Limits(BrokerSettings.rates(LimitSettings.from(settings)));
        Outages outages = new Outages();
        StoredMedia media = new StoredMedia(lifecycle.own(
                "media",
                Schema.await(
                        session,
                        keyspace,
                        () -> media(MediaSettings.from(settings), session, keyspace, reading, metrics))));
        Requests requests = ChatRequests.of(
                        node,
                        new StoredReads(new UserReads(reader, budget(settings, metrics, lifecycle))),
                        media,
                        outages)
                .limitedBy(BrokerSettings.members(LimitSettings.from(settings)));
        Optional<PluginLink> plugins = PluginLink.open(settings, lifecycle, metrics);
        ScheduledExecutorService checking = Executors.newScheduledThreadPool(CHECKING_THREADS);
        lifecycle.onStop("checking", checking::shutdownNow);
        Draining draining = new Draining(node, broker.drainTime(), broker.serverReference());
        lifecycle.allowMore(broker.drainTime());
        lifecycle.own(
                "hivemq",
                EmbeddedBroker.start(
                        broker.data().resolve("broker-" + lease.node().getSlot()),
                        HiveConfiguration.of(broker),
                        new TokenAuthenticator(
                                plugins.map(link -> link.tokens(own)).orElseGet(() -> Tokens.own(own)),
                                connectRate(broker),
                                PriceSettings.connects(settings),
                                topics,
                                counts::connectRefused,
                                checking),
                        new Backend(
                                node,
                                plugins.map(link -> requests.withPlugins(link, outages))
                                        .orElse(requests),
                                plugins.<PublicationFilters>map(link -> link).orElse(PublicationFilters.NONE),
                                media,
                                counts.counting(limits),
                                PriceSettings.subscribing(settings),
                                topics,
                                outages,
                                counts,
                                draining,
                                () -> log.silence().toMillis() < SILENCE_LIMIT_MILLIS)));
        // Closed before HiveMQ: whoever is being disconnected is handed nothing more.
        lifecycle.onStop("reading", deliveries);
        lifecycle.onStop("draining", draining);
        health.set(() -> health(log, deliveries));
        lifecycle.onStop("health", () -> health.set(() -> Health.notReady("stopping")));
        LOG.info(
                "devices may connect: mqtt={} websocket={} slot={}",
                broker.mqttPort(),
                broker.websocketPort(),
                lease.node().getSlot());
    }

    private static Media media(
            MediaSettings media,
            CqlSession session,
            String keyspace,
            HistoryReadSettings reading,
            MeterRegistry metrics) {
        try {
            return Media.open(media, session, keyspace, reading.longestBehind(), metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Health health(KafkaCommandLog log, DeliveriesConsumer deliveries) {
        long silentMillis =
                Math.max(log.silence().toMillis(), deliveries.silence().toMillis());
        return silentMillis < SILENCE_LIMIT_MILLIS
                ? Health.serving()
                : Health.notReady("Kafka has not answered for " + silentMillis / 1000 + " s");
    }

    private static ReadBudget budget(Settings settings, MeterRegistry metrics, Lifecycle lifecycle) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "reads"));
        lifecycle.onStop("reads", timer::shutdownNow);
        ReadBudget budget = ReadBudget.of(ReadSettings.from(settings), timer);
        Gauge.builder("parley.broker.reads.waiting", budget, ReadBudget::waiting)
                .description("Reads of users that wait for their turn")
                .register(metrics);
        return budget;
    }

    private static ConnectRate connectRate(BrokerSettings broker) {
        Rate rate = new Rate(broker.connections().connectsPerSecond(), Duration.ofSeconds(1));
        return new ConnectRate(rate, LONGEST_CONNECT_WAIT);
    }

    private static TokenVerifier verifier(Settings settings) {
        JwtSettings jwt = JwtSettings.from(settings);
        try {
            // The engine knows which tokens were revoked, and is asked for each connection's session.
            return TokenVerifier.of(
                    jwt.jwks(), jwt.issuer(), jwt.audience(), JwtSettings.longestLife(settings), Revocations.NONE);
        } catch (IllegalArgumentException e) {
            throw settings.bad("parley.jwt.jwks", "must be a file's path or an http(s) URL");
        }
    }
}
