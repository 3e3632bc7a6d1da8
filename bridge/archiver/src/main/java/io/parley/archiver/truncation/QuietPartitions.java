package io.parley.archiver.truncation;

import io.parley.protocol.KafkaClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends a record without a key and a value, once, where nothing has come for as long as Kafka writes to a file. Kafka begins the next
 * file only when a record comes, and never deletes the one it writes to, however far the log's start is: without this, the last messages
 * before a silence would stay on the disk until the topic's retention ends. Every reader passes over such a record. Several of these
 * at once append one each, and one more each time that another has.
 */
final class QuietPartitions implements AutoCloseable {
    private final Duration file;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<TopicPartition, Seen> seen = new HashMap<>();

    /** @param quiet the last record is one of ours */
    private record Seen(long end, long sinceNanos, boolean quiet) {}

    /** @param file how long Kafka writes to a file at most */
    QuietPartitions(KafkaClient kafka, Duration file) {
        this.file = file;
        this.producer = new KafkaProducer<>(
                kafka.with(Map.of(ProducerConfig.ACKS_CONFIG, "all")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Takes notice of the partitions' ends, and appends where they have not moved.
     *
     * @throws ExecutionException if Kafka takes it not; to be tried again with the next look
     */
    void look(Map<TopicPartition, Long> ends, long nowNanos) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        ends.forEach((partition, end) -> {
            Seen before = seen.get(partition);
            if (before == null || before.end() != end) {
                seen.put(partition, new Seen(end, nowNanos, false));
            } else if (end > 0 && !before.quiet() && nowNanos - before.sinceNanos() > file.toNanos()) {
                sent.add(producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, null)));
            }
        });
        for (Future<RecordMetadata> each : sent) {
            RecordMetadata appended = each.get();
            seen.put(
                    new TopicPartition(appended.topic(), appended.partition()),
                    new Seen(appended.offset() + 1, nowNanos, true));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
