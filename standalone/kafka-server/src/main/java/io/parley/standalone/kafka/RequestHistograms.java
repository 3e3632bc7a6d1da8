package io.parley.standalone.kafka;

import com.yammer.metrics.core.Histogram;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.network.metrics.RequestMetrics;
import org.apache.kafka.server.metrics.KafkaMetricsGroup;

/**
 * Kafka measures each request in eight histograms that weigh what they hold by its age, in a sorted map: at hundreds of small requests a second a
 * fifth of the node's CPU time. Its registry hands out what is there under a name, so histograms with a plain sample, made before it starts, are
 * the ones that it uses. Their percentiles are those of all requests so far, not of the last minutes.
 */
final class RequestHistograms {
    private static final List<String> NAMES = List.of(
            "RequestQueueTimeMs",
            "LocalTimeMs",
            "RemoteTimeMs",
            "ThrottleTimeMs",
            "ResponseQueueTimeMs",
            "ResponseSendTimeMs",
            "TotalTimeMs",
            "RequestBytes");

    private RequestHistograms() {}

    /** Makes them. Called before Kafka starts. */
    static List<Histogram> register() {
        KafkaMetricsGroup group = new KafkaMetricsGroup("kafka.network", "RequestMetrics");
        List<Histogram> made = new ArrayList<>();
        requests()
                .forEach(request ->
                        NAMES.forEach(name -> made.add(group.newHistogram(name, false, Map.of("request", request)))));
        return made;
    }

    private static Stream<String> requests() {
        Set<ApiKeys> keys = EnumSet.noneOf(ApiKeys.class);
        keys.addAll(ApiKeys.apisForListener(ListenerType.BROKER));
        keys.addAll(ApiKeys.apisForListener(ListenerType.CONTROLLER));
        return Stream.concat(
                keys.stream().map(key -> key.name),
                Stream.of(
                        RequestMetrics.CONSUMER_FETCH_METRIC_NAME,
                        RequestMetrics.FOLLOW_FETCH_METRIC_NAME,
                        RequestMetrics.VERIFY_PARTITIONS_IN_TXN_METRIC_NAME));
    }
}
