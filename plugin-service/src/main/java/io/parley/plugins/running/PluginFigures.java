package io.parley.plugins.running;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is counted of one plugin. */
public final class PluginFigures {
    private final Map<Outcome, Timer> calls = new LinkedHashMap<>();
    private final Counter givenUp;
    private final Counter skipped;

    /** How a call ended. */
    public enum Outcome {
        PASSED("filter"),
        CHANGED("filter"),
        REFUSED("filter"),
        FAILED("filter"),
        MISSED("filter"),
        HANDLED("event"),
        RETRIED("event"),
        ANSWERED("request"),
        UNANSWERED("request"),
        ACCEPTED("token"),
        DENIED("token"),
        UNKNOWN("token"),
        UNDECIDED("token"),
        PUSHED("push"),
        UNPUSHED("push");

        private final String kind;

        Outcome(String kind) {
            this.kind = kind;
        }

        private String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public PluginFigures(MeterRegistry registry, String plugin) {
        for (Outcome outcome : Outcome.values()) {
            calls.put(
                    outcome,
                    Timer.builder("parley.plugins.calls")
                            .description("Calls of a plugin's code")
                            .tag("plugin", plugin)
                            .tag("kind", outcome.kind)
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        givenUp = Counter.builder("parley.plugins.events.given.up")
                .description("Events that a plugin did not take in all attempts")
                .tag("plugin", plugin)
                .register(registry);
        skipped = Counter.builder("parley.plugins.events.skipped")
                .description("Events that a plugin was not told of because it was too far behind")
                .tag("plugin", plugin)
                .register(registry);
    }

    /** A call ended. */
    public void count(Outcome outcome, long nanos) {
        Timer timer = calls.get(outcome);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** An event was not taken in all attempts. */
    public void giveUp() {
        givenUp.increment();
    }

    /** Events were passed over. */
    public void skip(long events) {
        skipped.increment((double) events);
    }

    /** All figures that are not 0, by their names. */
    public Map<String, Long> shown() {
        Map<String, Long> shown = new LinkedHashMap<>();
        calls.forEach((outcome, timer) -> shown.put(outcome.label(), timer.count()));
        shown.put("givenUp", (long) givenUp.count());
        shown.put("skipped", (long) skipped.count());
        shown.values().removeIf(count -> count == 0);
        return shown;
    }
}
