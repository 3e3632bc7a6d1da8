package io.parley.bridge.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows on each stream thread when all that its consumer polled has been processed. A transaction that ends then ends as early as it can, and while it ends the next
 * commands gather: few of them at a low rate, many at a high one. Streams by itself looks at the time alone, and only between polls.
 */
public final class PolledRecords implements ConsumerInterceptor<byte[], byte[]> {
    /** Of each partition with records that are not processed: the last one's offset. */
    private static final ThreadLocal<Map<TopicPartition, Long>> OPEN = ThreadLocal.withInitial(HashMap::new);

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> polled = records.records(partition);
            OPEN.get().put(partition, polled.get(polled.size() - 1).offset());
        }
        return records;
    }

    /** A record is processed. Returns whether it was the last of all that were polled. */
    static boolean isLast(String topic, int partition, long offset) {
        Map<TopicPartition, Long> open = OPEN.get();
        TopicPartition of = new TopicPartition(topic, partition);
        Long last = open.get(of);
        if (last == null || offset < last) {
            return false;
        }
        open.remove(of);
        return open.isEmpty();
    }

    /** Partitions may have gone to another thread or engine, with records that nobody processes here. */
    static void forget() {
        OPEN.get().clear();
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
