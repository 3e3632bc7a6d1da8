package io.parley.bridge;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.bridge.engine.Engine;
import io.parley.bridge.engine.EngineMetrics;
import io.parley.bridge.engine.EngineSettings;
import io.parley.bridge.engine.LogSetup;
import io.parley.runtime.Health;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.LogSettings;
import io.parley.runtime.ServerProcess;
import io.parley.runtime.Settings;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's process. It knows the log alone. */
public final class EngineMain {
    private static final Logger LOG = LoggerFactory.getLogger(EngineMain.class);

    private EngineMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.serve("engine", EngineMain::open);
    }

    /**
     * Opens the engine, which belongs to {@code lifecycle} then.
     *
     * @return whether it processes commands now
     * @throws ExecutionException if Kafka refuses the topics or cannot be reached
     */
    public static Supplier<Health> open(Settings settings, Lifecycle lifecycle, MeterRegistry registry)
            throws ExecutionException, InterruptedException {
        KafkaSettings kafka = KafkaSettings.from(settings);
        sayAssumed(settings);
        LogSetup.ensure(
                kafka,
                settings.integer("parley.deliveries.slots", 1, 1024),
                LogSettings.from(settings).file(),
                JwtSettings.longestLife(settings));
        Engine engine =
                lifecycle.own("engine", new Engine(kafka, EngineSettings.from(settings), new EngineMetrics(registry)));
        engine.start();
        return () -> engine.isRunning() ? Health.serving() : Health.notReady("the engine is " + engine.state());
    }

    /** The defaults are right for one machine, and partitions are fixed once the topics exist. */
    private static void sayAssumed(Settings settings) {
        List<String> assumed = Stream.of(
                        "parley.kafka.partitions", "parley.kafka.replication", "parley.deliveries.slots")
                .filter(settings::isDefault)
                .map(key -> key + "=" + settings.text(key))
                .toList();
        if (!assumed.isEmpty()) {
            LOG.info("assumed, since nobody set it: {}. That is right for one machine", String.join(" ", assumed));
        }
    }
}
