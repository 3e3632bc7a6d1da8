package io.parley.bridge;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.bridge.engine.Engine;
import io.parley.bridge.engine.EngineMetrics;
import io.parley.bridge.engine.EngineSettings;
import io.parley.bridge.engine.LogSetup;
import io.parley.bridge.history.HistoryWriter;
import io.parley.bridge.retention.LogSettings;
import io.parley.bridge.retention.LogTruncation;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.OperationsEndpoint;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;

/** The process of the engine and the history writer. */
public final class BridgeMain {
    private BridgeMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.run("engine", (settings, lifecycle) -> {
            KafkaSettings kafka = KafkaSettings.from(settings);
            LogSettings log = LogSettings.from(settings);
            LogSetup.ensure(kafka, log.file());
            PrometheusMeterRegistry registry = ProcessMetrics.registry("engine");
            Engine engine = lifecycle.own(
                    "engine", new Engine(kafka, EngineSettings.from(settings), new EngineMetrics(registry)));
            engine.start();
            HistoryWriter writer = lifecycle.own(
                    "history writer",
                    new HistoryWriter(
                            kafka.bootstrap(),
                            CassandraSettings.from(settings),
                            HistoryCacheSettings.from(settings),
                            registry));
            writer.start();
            lifecycle
                    .own("log truncation", new LogTruncation(kafka.bootstrap(), log, registry))
                    .start();
            lifecycle.own(
                    "operations endpoint",
                    OperationsEndpoint.start(
                            settings.text("parley.bind"),
                            settings.port("parley.engine.operations-port"),
                            registry,
                            () -> engine.isRunning()
                                    ? Health.serving()
                                    : Health.notReady("the engine is " + engine.state())));
        });
    }
}
