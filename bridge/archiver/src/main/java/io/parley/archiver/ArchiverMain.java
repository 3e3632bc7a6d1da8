package io.parley.archiver;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.archiver.truncation.LogTruncation;
import io.parley.protocol.KafkaClient;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.LogSettings;
import io.parley.runtime.ServerProcess;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.util.function.Supplier;

/** The archiver's process: it copies events to Cassandra, and drops from the log what all have read. Several share the partitions. */
public final class ArchiverMain {
    private static final Duration SHORTEST_SETTLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SETTLE = Duration.ofMinutes(10);

    private ArchiverMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.serve("archiver", ArchiverMain::open);
    }

    /**
     * Opens the archiver, which belongs to {@code lifecycle} then. Kafka and Cassandra may come up later.
     *
     * @return whether Cassandra takes what is written
     */
    public static Supplier<Health> open(Settings settings, Lifecycle lifecycle, MeterRegistry registry) {
        KafkaClient kafka = KafkaSettings.from(settings).client();
        HistoryWriter writer = lifecycle.own(
                "history writer",
                new HistoryWriter(
                        kafka,
                        CassandraSettings.from(settings),
                        settle(settings),
                        HistoryCacheSettings.from(settings),
                        registry));
        writer.start();
        lifecycle
                .own("log truncation", new LogTruncation(kafka, LogSettings.from(settings), registry))
                .start();
        return () -> writer.healthy() ? Health.serving() : Health.notReady("history is not written");
    }

    private static Duration settle(Settings settings) {
        String key = "parley.archiver.settle";
        Duration settle = settings.duration(key);
        if (settle.compareTo(SHORTEST_SETTLE) < 0 || settle.compareTo(LONGEST_SETTLE) > 0) {
            throw settings.bad(key, "must be from 1s to 10m");
        }
        return settle;
    }
}
