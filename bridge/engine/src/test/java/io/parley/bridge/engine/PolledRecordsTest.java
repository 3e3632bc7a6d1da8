package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolledRecordsTest {
    private static final TopicPartition ONE = new TopicPartition("commands", 0);
    private static final TopicPartition OTHER = new TopicPartition("user-commands", 3);

    private final PolledRecords polled = new PolledRecords();

    @AfterEach
    void forget() {
        PolledRecords.forget();
    }

    @Test
    void the_last_of_a_poll_is_the_last_record_of_the_last_partition() {
        polled.onConsume(records(Map.of(ONE, new long[] {4, 7}, OTHER, new long[] {9})));

        assertThat(isLast(ONE, 4)).isFalse();
        assertThat(isLast(ONE, 7)).isFalse();
        assertThat(isLast(OTHER, 9)).isTrue();
    }

    @Test
    void what_a_later_poll_adds_is_waited_for_too() {
        polled.onConsume(records(Map.of(ONE, new long[] {4})));
        polled.onConsume(records(Map.of(ONE, new long[] {5, 6})));

        assertThat(isLast(ONE, 4)).isFalse();
        assertThat(isLast(ONE, 5)).isFalse();
        assertThat(isLast(ONE, 6)).isTrue();
    }

    @Test
    void a_partition_that_has_gone_is_waited_for_no_more() {
        polled.onConsume(records(Map.of(ONE, new long[] {4})));
        PolledRecords.forget();
        polled.onConsume(records(Map.of(OTHER, new long[] {1})));

        assertThat(isLast(OTHER, 1)).isTrue();
    }

    @Test
    void each_thread_has_its_own_polls() throws InterruptedException {
        polled.onConsume(records(Map.of(ONE, new long[] {4})));
        Thread other = new Thread(() -> polled.onConsume(records(Map.of(OTHER, new long[] {1}))));
        other.start();
        other.join();

        assertThat(isLast(ONE, 4)).isTrue();
    }

    private static boolean isLast(TopicPartition partition, long offset) {
        return PolledRecords.isLast(partition.topic(), partition.partition(), offset);
    }

    private static ConsumerRecords<byte[], byte[]> records(Map<TopicPartition, long[]> offsets) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        offsets.forEach((partition, of) -> records.put(
                partition,
                LongStream.of(of)
                        .mapToObj(offset -> new ConsumerRecord<>(
                                partition.topic(), partition.partition(), offset, new byte[0], new byte[0]))
                        .toList()));
        return new ConsumerRecords<>(records, Map.of());
    }
}
