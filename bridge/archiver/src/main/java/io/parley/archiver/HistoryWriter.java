package io.parley.archiver;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.protocol.ConversationId;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.log.PointersMoved;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.Latencies;
import io.parley.storage.CassandraConnection;
import io.parley.storage.HistoryTables;
import io.parley.storage.LoggedEvent;
import io.parley.storage.RefusedRows;
import io.parley.storage.Schema;
import io.parley.storage.cache.RecentMessages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies {@code parley.events} and {@code parley.pointers} to Cassandra, in a thread of its own. While Cassandra is away it waits and loses nothing: offsets are
 * committed only when their rows are safe, and writing a row again changes nothing. Once a second it tells how far it is, see {@link ProgressReports}.
 */
public final class HistoryWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryWriter.class);
    private static final long CLOSE_MILLIS = 5000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KafkaClient kafka;
    private final CassandraSettings cassandra;
    private final Duration settle;
    private final HistoryCacheSettings cache;
    private final MeterRegistry registry;
    private final Counter rows;
    private final Timer lag;
    private final Counter failures;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;
    private final AtomicLong lostNodes = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean healthy = new AtomicBoolean();
    private final AtomicReference<@Nullable Consumer<byte[], byte[]>> consumer = new AtomicReference<>();

    /**
     * Opens nothing yet.
     *
     * @param kafka how the log is reached
     * @param cassandra where to write to; keyspace and tables are made if missing
     * @param settle how long after Cassandra took rows they may still be lost with it
     * @param cache where recent messages go after that
     * @param registry gets {@code parley.history.cache.*}, {@code parley.history.rows}, {@code parley.history.dead.letters},
     *     {@code parley.history.waiting.conversations}, {@code parley.history.write.failures} and {@code parley.history.healthy}
     */
    public HistoryWriter(
            KafkaClient kafka,
            CassandraSettings cassandra,
            Duration settle,
            HistoryCacheSettings cache,
            MeterRegistry registry) {
        this.kafka = kafka;
        this.cassandra = cassandra;
        this.settle = settle;
        this.cache = cache;
        this.registry = registry;
        this.rows = Counter.builder("parley.history.rows")
                .description("Events written to Cassandra, repeats included")
                .register(registry);
        this.lag = Latencies.timer(
                registry,
                "parley.history.lag",
                "From when the log took what was published to when Cassandra has its event");
        this.failures = Counter.builder("parley.history.write.failures")
                .description("Writes that Cassandra did not take and that are tried again")
                .register(registry);
        Gauge.builder("parley.history.healthy", healthy, value -> value.get() ? 1 : 0)
                .description("1 while no write waits to be tried again")
                .register(registry);
        Gauge.builder("parley.history.waiting.conversations", waiting, AtomicInteger::get)
                .description("Conversations whose last write failed and is to be tried again")
                .register(registry);
        this.thread = new Thread(this::run, "history-writer");
        thread.setDaemon(true);
    }

    /** Starts the thread and returns at once. Kafka and Cassandra may come up later. */
    public void start() {
        thread.start();
    }

    /** True when the tables exist, events are read and no write waits to be tried again. */
    public boolean healthy() {
        return healthy.get() && thread.isAlive();
    }

    @Override
    public void close() {
        closing.set(true);
        Consumer<byte[], byte[]> open = consumer.get();
        if (open != null) {
            open.wakeup();
        }
        try {
            // A write under way is given its time; what it wrote is written again after the next start.
            thread.join(CLOSE_MILLIS / 2);
            thread.interrupt();
            thread.join(CLOSE_MILLIS / 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing.get()) {
                connectAndCopy();
            }
        } catch (InterruptedException | InterruptException | WakeupException e) {
            LOG.debug("stopped while it waited", e);
        } finally {
            healthy.set(false);
        }
    }

    /** One session's life. Whatever breaks it ends neither this thread nor who shares the process: it begins anew. */
    private void connectAndCopy() throws InterruptedException {
        try (DeadLetters letters = new DeadLetters(kafka, registry);
                CqlSession session = CassandraConnection.open(cassandra, lostNodes::incrementAndGet);
                HistoryTables tables = prepared(session, letters)) {
            while (!closing.get()) {
                copyUntilBroken(tables, letters);
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            beginAnew("history cannot be written, starting anew", e);
        }
    }

    /** One consumer's life. What breaks it is met with a new consumer, which goes on at the committed offsets. */
    private void copyUntilBroken(HistoryTables tables, DeadLetters letters) throws InterruptedException {
        try (KafkaAndCassandra progress = new KafkaAndCassandra(kafka, tables.progress());
                Consumer<byte[], byte[]> opened = EventConsumer.open(kafka)) {
            consumer.set(opened);
            Chains chains = new Chains(
                    (conversation, items) -> write(tables, conversation, items),
                    HistoryWriter::isDefect,
                    letters::defective,
                    this::failed);
            new EventCopy(
                            opened,
                            chains,
                            letters::unreadable,
                            settle,
                            this::turned,
                            lostNodes::get,
                            new ProgressReports(progress, System::nanoTime))
                    .run(closing::get);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            beginAnew("reading events broke, starting anew", e);
        } finally {
            consumer.set(null);
        }
    }

    private void beginAnew(String reason, Throwable failure) throws InterruptedException {
        healthy.set(false);
        LOG.warn(reason, failure);
        TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
    }

    private CompletionStage<?> write(HistoryTables tables, ConversationId conversation, List<Item> items) {
        List<LoggedEvent> events = Chain.events(items);
        List<PointersMoved> pointers = Chain.pointers(items);
        return tables.write(
                        events.isEmpty() ? Map.of() : Map.of(conversation, events),
                        pointers.isEmpty() ? Map.of() : Map.of(conversation, pointers))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        items.stream().filter(item -> item.event() != null).forEach(this::written);
                    }
                });
    }

    private void written(Item event) {
        long sinceMillis = System.currentTimeMillis() - event.takenMillis();
        lag.record(Math.max(0, sinceMillis), TimeUnit.MILLISECONDS);
    }

    /** A failure that has nothing to do with who cannot be reached, and would come again. */
    private static boolean isDefect(Throwable failure) {
        if (failure instanceof IllegalStateException) {
            // The driver says so of what is closed; of a row that cannot be read it is a defect.
            return failure.getCause() instanceof InvalidProtocolBufferException;
        }
        return failure instanceof RuntimeException
                && !(failure instanceof DriverException
                        || failure instanceof KafkaException
                        || failure instanceof RejectedExecutionException);
    }

    private HistoryTables prepared(CqlSession session, RefusedRows refused) throws InterruptedException {
        while (true) {
            try {
                Schema.ensure(session, cassandra);
                String keyspace = cassandra.keyspace();
                return HistoryTables.of(session, keyspace, refused)
                        .feeding(RecentMessages.ofArchiver(cache, Schema.identity(session, keyspace), registry));
            } catch (RuntimeException e) {
                LOG.warn("cannot make the tables yet, trying again", e);
                TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
            }
        }
    }

    private void turned(int events, int failing) {
        rows.increment(events);
        waiting.set(failing);
        if (failing == 0 && !healthy.getAndSet(true)) {
            LOG.info("history is being written");
        }
    }

    private void failed(Throwable cause) {
        failures.increment();
        if (healthy.getAndSet(false) || failures.count() == 1) {
            LOG.warn("Cassandra takes not all writes, trying until it does: {}", cause.toString());
        }
    }
}
