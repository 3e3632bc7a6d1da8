package io.parley.bridge.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.push.PushPlatform;
import io.parley.runtime.Latencies;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;

/** What the engine counts. */
public final class EngineMetrics {
    private final Counter commands;
    private final Timer delay;
    private final MeterRegistry registry;
    private final Map<DeadLetterKind, Counter> deadLetters = new EnumMap<>(DeadLetterKind.class);
    private final Counter threads;
    private final Map<PushPlatform, Counter> pushed;
    private final Map<PushPlatform, Counter> fetched;

    /** @param registry where the counters are shown */
    public EngineMetrics(MeterRegistry registry) {
        this.registry = registry;
        delay = Latencies.timer(
                registry, "parley.engine.command.delay", "From when the log took a command to when it is carried out");
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

    /** @param takenMillis when the log took it, since 1970 */
    void command(long takenMillis) {
        commands.increment();
        delay.record(Math.max(0, System.currentTimeMillis() - takenMillis), TimeUnit.MILLISECONDS);
    }

    /** Shows what Kafka Streams and its clients tell of themselves. */
    KafkaStreamsMetrics show(KafkaStreams streams) {
        KafkaStreamsMetrics shown = new KafkaStreamsMetrics(streams);
        shown.bindTo(registry);
        return shown;
    }

    void threadReplaced() {
        threads.increment();
    }

    void deadLetter(DeadLetterKind kind) {
        Objects.requireNonNull(deadLetters.get(kind)).increment();
    }
}
