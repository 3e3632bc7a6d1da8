package io.parley.archiver;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.KafkaClient;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.storage.CassandraConnection;
import io.parley.storage.HistoryTables;
import io.parley.storage.Schema;
import io.parley.storage.cache.RecentMessages;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
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
    private final Counter failures;
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
     * @param registry gets {@code parley.history.cache.*}, {@code parley.history.rows}, {@code parley.history.write.failures} and {@code parley.history.healthy}
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
        this.failures = Counter.builder("parley.history.write.failures")
                .description("Writes that Cassandra did not take and that are tried again")
                .register(registry);
        Gauge.builder("parley.history.healthy", healthy, value -> value.get() ? 1 : 0)
                .description("1 while the last write succeeded")
                .register(registry);
        this.thread = new Thread(this::run, "history-writer");
        thread.setDaemon(true);
    }

    /** Starts the thread and returns at once. Kafka and Cassandra may come up later. */
    public void start() {
        thread.start();
    }

    /** True when the tables exist, events are read and the last write succeeded. */
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
        try (CqlSession session = CassandraConnection.open(cassandra, lostNodes::incrementAndGet);
                HistoryTables tables = prepared(session)) {
            while (!closing.get()) {
                copyUntilBroken(tables);
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            healthy.set(false);
            LOG.warn("history cannot be written, starting anew", e);
            TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
        }
    }

    /** One consumer's life. What breaks it is met with a new consumer, which goes on at the committed offsets. */
    private void copyUntilBroken(HistoryTables tables) throws InterruptedException {
        try (KafkaAndCassandra progress = new KafkaAndCassandra(kafka, tables.progress());
                Consumer<byte[], byte[]> opened = EventConsumer.open(kafka)) {
            consumer.set(opened);
            ProgressReports reports = new ProgressReports(progress, System::nanoTime);
            new EventCopy(
                            opened,
                            read -> write(tables, read),
                            settle,
                            this::wrote,
                            this::failed,
                            lostNodes::get,
                            reports)
                    .run(closing::get);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            healthy.set(false);
            LOG.warn("reading events broke, starting anew", e);
            TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
        } finally {
            consumer.set(null);
        }
    }

    private static CompletionStage<?> write(HistoryTables tables, Read read) {
        return tables.write(read.events(), read.pointers());
    }

    private HistoryTables prepared(CqlSession session) throws InterruptedException {
        while (true) {
            try {
                Schema.ensure(session, cassandra);
                String keyspace = cassandra.keyspace();
                return HistoryTables.of(session, keyspace)
                        .feeding(RecentMessages.ofArchiver(cache, Schema.identity(session, keyspace), registry));
            } catch (RuntimeException e) {
                LOG.warn("cannot make the tables yet, trying again", e);
                TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
            }
        }
    }

    private void wrote(int count) {
        rows.increment(count);
        if (!healthy.getAndSet(true)) {
            LOG.info("history is being written");
        }
    }

    private void failed(Throwable cause) {
        failures.increment();
        if (healthy.getAndSet(false) || failures.count() == 1) {
            LOG.warn("Cassandra takes no writes, trying until it does: {}", cause.toString());
        }
    }
}
