package io.parley.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicLoad.Kind;
import io.parley.gateway.delivering.DeliveryCounts;
import io.parley.gateway.delivering.DeliveryNode;
import java.util.Locale;

/** What a broker node counts. */
public final class BrokerMetrics {
    private final Counter accepted;
    private final Counter refused;

    /**
     * @param registry where it is shown
     * @param node whose connections and deliveries are shown, too
     * @param topics what the node holds beside the chat
     */
    public BrokerMetrics(MeterRegistry registry, DeliveryNode node, TopicLoad topics) {
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
    public void refused() {
        refused.increment();
    }
}
