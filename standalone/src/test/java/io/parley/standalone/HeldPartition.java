package io.parley.standalone;

import static org.awaitility.Awaitility.await;

import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A second history writer that writes nothing, as one that hangs or does not reach Cassandra: Kafka gives it one of the two partitions of the events. It
 * commits nothing, so that the real writer goes on where it was when this is closed.
 */
final class HeldPartition implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;

    private HeldPartition(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Returns when it has a partition, and the real writer no longer. */
    static HeldPartition take(Platform platform) {
        HeldPartition held = new HeldPartition(new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        platform.addresses().kafka(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "parley-history-writer",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
        held.consumer.subscribe(List.of(LogTopics.EVENTS, LogTopics.POINTERS));
        await().atMost(LIMIT).until(() -> {
            var unused = held.consumer.poll(POLL);
            return held.assigned().isPresent();
        });
        return held;
    }

    /** Which it is. */
    int partition() {
        return assigned().orElseThrow();
    }

    private OptionalInt assigned() {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(LogTopics.EVENTS))
                .mapToInt(TopicPartition::partition)
                .findFirst();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
