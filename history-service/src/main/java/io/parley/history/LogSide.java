package io.parley.history;

import io.parley.gateway.ExecutorLoop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.Heartbeats;
import io.parley.gateway.delivering.QuestionLimits;
import io.parley.gateway.kafka.DeliveriesConsumer;
import io.parley.gateway.kafka.EngineReadiness;
import io.parley.gateway.kafka.KafkaCommandLog;
import io.parley.gateway.kafka.LogReadiness;
import io.parley.gateway.kafka.NodeLease;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.ChatRequests;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Requests;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.MemberThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.history.polling.CursorSeal;
import io.parley.history.polling.Polls;
import io.parley.history.visiting.Loops;
import io.parley.history.visiting.Visitors;
import io.parley.pluginlink.PluginLink;
import io.parley.runtime.LimitSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node of the log. It is opened by a thread of its own, as soon as the log is there: until then, and while the log is out, the service reads.
 */
final class LogSide implements ChatSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSide.class);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration ATTEMPT = Duration.ofMinutes(5);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long SILENCE_LIMIT_MILLIS = 5_000;
    private static final long CLOSE_MILLIS = 5_000;
    private static final long LEAVE_MILLIS = 1_000;
    private static final int LOOPS = 2;
    private static final QuestionLimits QUESTIONS = new QuestionLimits(2_000, 200_000);
    /** Conversations that the lists of one user ask. */
    private static final Rate LISTED = new Rate(60_000, Duration.ofMinutes(1));

    private final NodeSettings settings;
    private final LimitSettings limits;
    private final Stores stores;
    private final CursorSeal seal;
    private final Optional<PluginLink> plugins;
    private final RequestLimit connects;
    private final Thread opening = new Thread(this::open, "log");
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private volatile Optional<Chat> chat = Optional.empty();

    private LogSide(
            NodeSettings settings, LimitSettings limits, Stores stores, CursorSeal seal, Optional<PluginLink> plugins) {
        this.settings = settings;
        this.limits = limits;
        this.stores = stores;
        this.seal = seal;
        this.plugins = plugins;
        this.connects = new RequestLimit(settings.connectsOfAUser());
    }

    /** Begins to open it; returns at once. */
    static LogSide start(
            NodeSettings settings, LimitSettings limits, Stores stores, CursorSeal seal, Optional<PluginLink> plugins) {
        LogSide side = new LogSide(settings, limits, stores, seal, plugins);
        side.opening.start();
        return side;
    }

    @Override
    public Optional<Chat> now() {
        return chat.filter(Chat::isReachable);
    }

    private void open() {
        try {
            while (true) {
                CompletableFuture<String> lost = new CompletableFuture<>();
                while (!isOpen(lost)) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                LOG.warn("this process takes a slot anew: {}", lost.get());
                chat = Optional.empty();
                closeAll();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is only ever completed", e);
        } catch (InterruptedException stopping) {
            LOG.debug("stopped before the log was there");
        }
    }

    /** Whether everything is open; if not, what was opened is closed again. */
    private boolean isOpen(CompletableFuture<String> lost) throws InterruptedException {
        try {
            int slots = LogReadiness.await(settings.kafka(), ATTEMPT);
            NodeLease lease = NodeLease.take(settings.kafka(), slots, settings.slot(), ATTEMPT);
            closing.push(lease::close);
            KafkaCommandLog log = new KafkaCommandLog(settings.kafka());
            closing.push(log::close);
            DeliveryNode node = node(log, lease, lost);
            EngineReadiness.first(node::roundTrip, ATTEMPT);
            chat = Optional.of(chat(node, () -> log.silence().toMillis() < SILENCE_LIMIT_MILLIS));
            LOG.info("messages and requests are taken slot={}", lease.node().getSlot());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("the log cannot be used yet: {}", e.toString());
            closeAll();
            return false;
        }
    }

    private DeliveryNode node(KafkaCommandLog log, NodeLease lease, CompletableFuture<String> lost) {
        DeliveryNode node = new DeliveryNode(
                lease.node(),
                log,
                stores.events(),
                QUESTIONS,
                new ListingThrottle(LISTED),
                settings.patience(),
                settings.recentBytes());
        DeliveriesConsumer deliveries =
                new DeliveriesConsumer(settings.kafka(), node, lease::isHeld, millis -> {}, failure -> {
                    LOG.error("deliveries are read no more", failure);
                    lost.complete("its deliveries cannot be read");
                });
        closing.push(deliveries::close);
        deliveries.start();
        lease.watch(() -> deliveries.silence().toMillis() < SILENCE_LIMIT_MILLIS, why -> {
            node.end();
            lost.complete(why);
        });
        ScheduledExecutorService beating =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "heartbeats"));
        closing.push(beating::shutdownNow);
        new Heartbeats(node, new ExecutorLoop(beating), lease::isHeld).start();
        return node;
    }

    private Chat chat(DeliveryNode node, BooleanSupplier reachable) {
        Loops loops = new Loops(LOOPS);
        closing.push(loops::close);
        Outages outages = new Outages();
        Requests requests = ChatRequests.of(node, stores.reads(), stores.media(), outages)
                .limitedBy(new MemberThrottle(new Rate(limits.members(), TEN_SECONDS)));
        Limits.Rates rates = new Limits.Rates(
                new Rate(limits.messages(), TEN_SECONDS),
                new Rate(limits.bytes(), TEN_SECONDS),
                new Rate(limits.requests(), TEN_SECONDS, limits.requestsPerSecond(), Duration.ofSeconds(1)));
        Polls polls = new Polls(node, seal, settings.polls(), loops::of, connects::allows);
        closing.push(() -> leave(node, polls));
        return new Chat(
                node,
                new Visitors(
                        node,
                        plugins.map(link -> requests.withPlugins(link, outages)).orElse(requests),
                        plugins.<PublicationFilters>map(link -> link).orElse(PublicationFilters.NONE),
                        stores.media(),
                        outages,
                        loops),
                polls,
                new Limits(rates),
                reachable);
    }

    /** What the devices acknowledged goes to the log before that is closed: behind it goes a question, and one more behind what follows from it. */
    private static void leave(DeliveryNode node, Polls polls) {
        polls.close();
        for (int i = 0; i < 2; i++) {
            try {
                node.roundTrip().get(LEAVE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.info("the log does not answer at the end; devices resume where they were known to be");
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        chat = Optional.empty();
        opening.interrupt();
        try {
            opening.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeAll();
    }

    /** The last that was opened first. */
    private synchronized void closeAll() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
