package io.parley.plugins.subscribing;

import io.parley.protocol.KafkaClient;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer of events, as a subscription needs it. */
final class EventConsumer {
    private static final int FETCH_BYTES = 1 << 20;
    private static final int AT_ONCE = 50;
    /** One event of each partition may take its whole deadline between two polls. */
    private static final int LONGEST_TURN_MILLIS = 600_000;

    private EventConsumer() {}

    static Consumer<byte[], byte[]> open(KafkaClient kafka, String group) {
        return new KafkaConsumer<>(
                kafka.with(Map.ofEntries(
                        Map.entry(ConsumerConfig.GROUP_ID_CONFIG, group),
                        Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, group),
                        Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                        // Where to begin, the reader says.
                        Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
                        Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                        Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AT_ONCE),
                        Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, LONGEST_TURN_MILLIS),
                        Map.entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES),
                        Map.entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES),
                        Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000),
                        Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2000),
                        Map.entry(
                                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                                List.of(CooperativeStickyAssignor.class.getName())),
                        // The topic is made by the engine, maybe after this consumer started.
                        Map.entry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 2000),
                        Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false))),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
