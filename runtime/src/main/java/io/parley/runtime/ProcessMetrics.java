package io.parley.runtime;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** The metrics registry of a process, with what the JVM and the system tell about it. */
public final class ProcessMetrics {

    /** What Kafka's clients and Streams tell is hundreds of meters, many of them for each partition: these are shown. */
    private static final Set<String> OF_KAFKA = Set.of(
            "kafka.producer.request.latency.avg",
            "kafka.producer.record.queue.time.avg",
            "kafka.producer.record.error.total",
            "kafka.producer.record.retry.total",
            "kafka.consumer.fetch.manager.fetch.latency.avg",
            "kafka.consumer.fetch.manager.records.lag.max",
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.stream.thread.commit.latency.avg",
            "kafka.stream.thread.commit.latency.max",
            "kafka.stream.thread.process.latency.avg",
            "kafka.stream.thread.poll.records.avg",
            "kafka.stream.thread.process.ratio");

    private ProcessMetrics() {}

    /**
     * A new registry; every meter in it carries the tag {@code role}.
     *
     * @param role the process's name, such as {@code broker}
     */
    // The collector listener lives as long as the process, as the registry does.
    @SuppressWarnings("resource")
    public static PrometheusMeterRegistry registry(String role) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("role", role);
        registry.config()
                .meterFilter(MeterFilter.deny(
                        meter -> meter.getName().startsWith("kafka.") && !OF_KAFKA.contains(meter.getName())));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        // logback_events_total: how many warnings and errors were logged.
        new LogbackMetrics().bindTo(registry);
        return registry;
    }
}
