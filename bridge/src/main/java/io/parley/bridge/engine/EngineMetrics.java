package io.parley.bridge.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the engine counts. */
public final class EngineMetrics {
    private final Counter commands;
    private final Counter deadLetters;
    private final Counter threads;

    /** @param registry where the counters are shown */
    public EngineMetrics(MeterRegistry registry) {
        commands = Counter.builder("parley.engine.commands")
                .description("Commands processed")
                .register(registry);
        deadLetters = Counter.builder("parley.engine.dead.letters")
                .description("Commands that could not be carried out")
                .register(registry);
        threads = Counter.builder("parley.engine.thread.replacements")
                .description("Stream threads that failed and were replaced")
                .register(registry);
    }

    void command() {
        commands.increment();
    }

    void threadReplaced() {
        threads.increment();
    }

    void deadLetter() {
        deadLetters.increment();
    }
}
