package io.parley.archiver;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.archiver.truncation.LogTruncation;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.LogSettings;
import io.parley.runtime.ServerProcess;
import io.parley.runtime.Settings;
import java.util.function.Supplier;

/** The archiver's process: it copies events to Cassandra, and drops from the log what all have read. Several share the partitions. */
public final class ArchiverMain {
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
        String kafka = KafkaSettings.from(settings).bootstrap();
        HistoryWriter writer =
                lifecycle.own("history writer", new HistoryWriter(kafka, CassandraSettings.from(settings), registry));
        writer.start();
        lifecycle
                .own("log truncation", new LogTruncation(kafka, LogSettings.from(settings), registry))
                .start();
        return () -> writer.healthy() ? Health.serving() : Health.notReady("history is not written");
    }
}
