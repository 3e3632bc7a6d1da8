package io.parley.push.sending;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.protocol.push.PushPlatform;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What operators see of one platform. It outlives lanes: a new one goes on counting where the one before stopped. */
public final class LaneMetrics {
    /** A provider's reasons are its own words: a limit keeps a broken one from filling the registry. */
    private static final int MAX_REASONS = 60;

    private static final String PLATFORM = "platform";

    private final MeterRegistry registry;
    private final String platform;
    private final Timer latency;
    private final Set<String> reasons = new HashSet<>();
    private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
    private volatile int waiting;
    private volatile int underWay;

    public LaneMetrics(MeterRegistry registry, PushPlatform platform) {
        this.registry = registry;
        this.platform = platform.name().toLowerCase(Locale.ROOT);
        this.latency = Timer.builder("parley.push.latency")
                .description("From what a notification tells to its acceptance by the provider")
                .tag(PLATFORM, this.platform)
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10))
                .register(registry);
        Gauge.builder("parley.push.waiting", this, self -> self.waiting)
                .description("Deliveries that wait for their turn")
                .tag(PLATFORM, this.platform)
                .register(registry);
        Gauge.builder("parley.push.under.way", this, self -> self.underWay)
                .description("Attempts without an answer yet")
                .tag(PLATFORM, this.platform)
                .register(registry);
    }

    void accepted(long latencyMillis) {
        latency.record(Math.max(0, latencyMillis), TimeUnit.MILLISECONDS);
    }

    /** A delivery's end; its outcomes add up to the number of deliveries. */
    void ended(String outcome, String reason) {
        Counter.builder("parley.push.deliveries")
                .description("Deliveries that ended, by outcome")
                .tag(PLATFORM, platform)
                .tag("outcome", outcome)
                .tag("reason", known(reason))
                .register(registry)
                .increment();
    }

    /** An attempt that has to be repeated. */
    void later(String reason) {
        Counter.builder("parley.push.retries")
                .description("Attempts that did not end a delivery, by reason")
                .tag(PLATFORM, platform)
                .tag("reason", known(reason))
                .register(registry)
                .increment();
    }

    void holds(int nowWaiting, int nowUnderWay) {
        waiting = nowWaiting;
        underWay = nowUnderWay;
    }

    void watch(String circuitName, Circuit circuit) {
        if (circuits.put(circuitName, circuit) == null) {
            Gauge.builder("parley.push.circuit", circuits, all -> state(all.get(circuitName)))
                    .description("0 closed, 1 on trial, 2 open: nothing is sent")
                    .tag(PLATFORM, platform)
                    .tag("circuit", circuitName)
                    .register(registry);
        }
    }

    private static int state(@org.jspecify.annotations.Nullable Circuit circuit) {
        return circuit == null ? 0 : circuit.state();
    }

    private String known(String reason) {
        return reasons.contains(reason) || (reasons.size() < MAX_REASONS && reasons.add(reason)) ? reason : "other";
    }
}
