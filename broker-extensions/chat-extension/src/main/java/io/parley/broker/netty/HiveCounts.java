package io.parley.broker.netty;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.hivemq.metrics.HiveMQMetrics;
import io.parley.broker.topics.TopicLoad.Kind;
import java.util.function.ToLongFunction;

/** What HiveMQ holds, by its own metrics. */
final class HiveCounts implements ToLongFunction<Kind> {
    private final MetricRegistry metrics;

    HiveCounts(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public long applyAsLong(Kind kind) {
        Metric metric = metrics.getMetrics().get(name(kind));
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number ? number.longValue() : 0;
    }

    static String name(Kind kind) {
        return switch (kind) {
            case RETAINED -> HiveMQMetrics.RETAINED_MESSAGES_CURRENT.name();
            case SUBSCRIPTIONS -> HiveMQMetrics.SUBSCRIPTIONS_CURRENT.name();
            case SESSIONS -> HiveMQMetrics.CLIENT_SESSIONS_CURRENT.name();
        };
    }
}
