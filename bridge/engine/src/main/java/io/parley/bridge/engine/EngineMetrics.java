package io.parley.bridge.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.push.PushPlatform;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the engine counts. */
public final class EngineMetrics {
    private final Counter commands;
    private final Map<DeadLetterKind, Counter> deadLetters = new EnumMap<>(DeadLetterKind.class);
    private final Counter threads;
    private final Map<PushPlatform, Counter> pushed;
    private final Map<PushPlatform, Counter> fetched;

    /** @param registry where the counters are shown */
    public EngineMetrics(MeterRegistry registry) {
        commands = Counter.builder("parley.engine.commands")
                .description("Commands processed")
                .register(registry);
        for (DeadLetterKind kind : DeadLetterKind.values()) {
            deadLetters.put(
                    kind,
                    Counter.builder("parley.engine.dead.letters")
                            .description("Commands that could not be carried out")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        threads = Counter.builder("parley.engine.thread.replacements")
                .description("Stream threads that failed and were replaced")
                .register(registry);
        pushed = byPlatform(registry, "parley.engine.pushed.users", "Users who were pushed to, once a minute at most");
        fetched = byPlatform(
                registry, "parley.engine.fetched.users", "Users of whom a device came within a minute of the push");
    }

    private static Map<PushPlatform, Counter> byPlatform(MeterRegistry registry, String name, String description) {
        Map<PushPlatform, Counter> counters = new EnumMap<>(PushPlatform.class);
        for (PushPlatform platform : List.of(PushPlatform.APNS, PushPlatform.FCM, PushPlatform.WEB_PUSH)) {
            counters.put(
                    platform,
                    Counter.builder(name)
                            .description(description)
                            .tag("platform", platform.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return counters;
    }

    private static void increment(Map<PushPlatform, Counter> counters, Set<PushPlatform> platforms) {
        counters.forEach((platform, counter) -> {
            if (platforms.contains(platform)) {
                counter.increment();
            }
        });
    }

    void pushed(Set<PushPlatform> platforms) {
        increment(pushed, platforms);
    }

    void fetched(Set<PushPlatform> platforms) {
        increment(fetched, platforms);
    }

    void command() {
        commands.increment();
    }

    void threadReplaced() {
        threads.increment();
    }

    void deadLetter(DeadLetterKind kind) {
        Objects.requireNonNull(deadLetters.get(kind)).increment();
    }
}
