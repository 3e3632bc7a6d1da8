package io.parley.archiver;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer of events, as the history writer needs it. */
final class EventConsumer {
    private EventConsumer() {}

    static Consumer<byte[], byte[]> open(KafkaClient kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.properties());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, LogTopics.ARCHIVE_READER);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, LogTopics.ARCHIVE_READER);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        // Few large writes cost Cassandra a fraction of many small ones; history may lag by this much.
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 512 * 1024);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
        // One that comes or goes takes only its own partitions with it.
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2000);
        // The topic is made by the engine, maybe after this consumer started.
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 2000);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
