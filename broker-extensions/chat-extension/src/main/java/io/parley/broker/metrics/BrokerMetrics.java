package io.parley.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicLoad.Kind;
import io.parley.gateway.delivering.DeliveryCounts;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.UserId;
import io.parley.runtime.Latencies;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a broker node counts. */
public final class BrokerMetrics {
    private final Counter accepted;
    private final Counter refused;
    private final Timer acknowledgement;
    private final Timer delivery;
    private final MeterRegistry registry;

    /**
     * @param registry where it is shown
     * @param node whose connections and deliveries are shown, too
     * @param topics what the node holds beside the chat
     */
    public BrokerMetrics(MeterRegistry registry, DeliveryNode node, TopicLoad topics) {
        this.registry = registry;
        acknowledgement = Latencies.timer(
                registry, "parley.broker.publish.acknowledgement", "From a PUBLISH of the chat to its acknowledgement");
        delivery = Latencies.timer(
                registry,
                "parley.broker.delivery",
                "From when the log took what was published to when its event was handed to this node's devices");
        accepted = publishes(registry, "accepted");
        refused = publishes(registry, "refused");
        Gauge.builder("parley.broker.connections", node, DeliveryNode::connected)
                .description("Devices that are connected")
                .register(registry);
        Gauge.builder("parley.broker.devices.behind", node, DeliveryNode::behind)
                .description("Connected devices that have not got everything yet that there is for them")
                .register(registry);
        FunctionCounter.builder("parley.broker.deliveries", node.counts(), DeliveryCounts::deliveries)
                .description("Events written to devices, repeats included")
                .register(registry);
        FunctionCounter.builder("parley.broker.acknowledgements", node.counts(), DeliveryCounts::acknowledgements)
                .description("Events that devices acknowledged, or that were written to them at QoS 0")
                .register(registry);
        for (Kind kind : Kind.values()) {
            held(registry, topics, kind);
        }
    }

    private static void held(MeterRegistry registry, TopicLoad topics, Kind kind) {
        Gauge.builder("parley.broker.topics", topics, load -> load.count(kind))
                .description("Retained messages, subscriptions and sessions of topics beside the chat")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static Counter publishes(MeterRegistry registry, String outcome) {
        return Counter.builder("parley.broker.publishes")
                .description("What devices published, by what came of it")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** A device's PUBLISH is in the log, or was taken. */
    public void accepted() {
        accepted.increment();
    }

    /** A device's PUBLISH was refused. */
    public void refused(String reason) {
        refused.increment();
        count("parley.broker.refusals", "What devices published and was refused, by the reason", "reason", reason);
    }

    /** A device's PUBLISH has its outcome. */
    public void acknowledged(long nanos) {
        acknowledgement.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** An event was handed to the devices. */
    public void delivered(long millis) {
        delivery.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    /** A CONNECT was refused. */
    public void connectRefused(String reason) {
        count("parley.broker.connect.refusals", "CONNECTs that were refused, by the reason", "reason", reason);
    }

    /**
     * A connection has ended.
     *
     * @param by who ended it: client, network, server
     * @param reason the reason's name
     */
    public void disconnected(String by, String reason) {
        Counter.builder("parley.broker.disconnects")
                .description("Connections of devices that ended, by who ended them and why")
                .tag("by", by)
                .tag("reason", lower(reason))
                .register(registry)
                .increment();
    }

    /** Counts how often a publication has to wait because its user publishes too fast. */
    public Throttle counting(Throttle throttle) {
        Counter waits = Counter.builder("parley.broker.throttled")
                .description("Times that a publication was found beyond what its user may, and waited")
                .register(registry);
        return new Throttle() {
            @Override
            public long message(UserId user, int bytes) {
                return counted(throttle.message(user, bytes));
            }

            @Override
            public long request(UserId user, int bytes) {
                return counted(throttle.request(user, bytes));
            }

            private long counted(long millis) {
                if (millis > NOW) {
                    waits.increment();
                }
                return millis;
            }
        };
    }

    private void count(String name, String description, String tag, String value) {
        Counter.builder(name)
                .description(description)
                .tag(tag, lower(value))
                .register(registry)
                .increment();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
