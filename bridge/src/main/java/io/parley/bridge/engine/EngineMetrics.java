package io.parley.bridge.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the engine counts. */
public final class EngineMetrics {
    private final Counter commands;
    private final Counter deadLetters;

    /** @param registry where the counters are shown */
    public EngineMetrics(MeterRegistry registry) {
        commands = Counter.builder("parley.engine.commands")
                .description("Commands processed")
                .register(registry);
        deadLetters = Counter.builder("parley.engine.dead.letters")
                .description("Records that no machine could process")
                .register(registry);
    }

    void command() {
        commands.increment();
    }

    void deadLetter() {
        deadLetters.increment();
    }
}
