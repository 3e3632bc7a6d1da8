package io.parley.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.LogTopics;
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The loop with a consumer whose records are given. */
final class EventCopyTest {
    private static final TopicPartition EVENTS = new TopicPartition(LogTopics.EVENTS, 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PlayedProgress progress = new PlayedProgress();
    private final AtomicLong lostNodes = new AtomicLong();

    @Test
    void nothing_is_told_while_writes_fail() throws Exception {
        AtomicInteger writes = new AtomicInteger();
        assignAtFirstPoll();
        copy(4, read -> {
            assertThat(progress.stored()).isEmpty();
            return writes.incrementAndGet() < 3
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(null);
        });

        assertThat(writes).hasValue(3);
        assertThat(progress.stored()).isEqualTo(Map.of(0, 0L));
    }

    @Test
    void after_a_lost_node_nothing_is_told_until_all_is_written_again() throws Exception {
        AtomicInteger writes = new AtomicInteger();
        assignAtFirstPoll();
        copy(5, read -> {
            assertThat(progress.calls()).doesNotContain("store 1 of 1");
            if (writes.incrementAndGet() == 1) {
                lostNodes.incrementAndGet();
                // It is read again: the mock has forgotten it.
                consumer.schedulePollTask(() -> consumer.addRecord(event()));
            }
            return CompletableFuture.completedFuture(null);
        });

        assertThat(writes).hasValue(2);
        assertThat(progress.stored()).isEqualTo(Map.of(0, 0L));
    }

    private void assignAtFirstPoll() {
        consumer.updatePartitions(LogTopics.EVENTS, List.of(new PartitionInfo(LogTopics.EVENTS, 0, null, null, null)));
        progress.end(EVENTS, 1);
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(EVENTS, 0L));
            consumer.rebalance(List.of(EVENTS));
            consumer.addRecord(event());
        });
    }

    private void copy(int polls, Function<Read, CompletionStage<?>> write) throws Exception {
        AtomicInteger turns = new AtomicInteger();
        new EventCopy(
                        consumer,
                        write,
                        Duration.ZERO,
                        count -> turns.incrementAndGet(),
                        failure -> {},
                        lostNodes::get,
                        new ProgressReports(progress, System::nanoTime))
                .run(() -> turns.get() >= polls);
    }

    private static ConsumerRecord<byte[], byte[]> event() {
        return new ConsumerRecord<>(
                LogTopics.EVENTS,
                0,
                0,
                "ann~ben".getBytes(StandardCharsets.UTF_8),
                ChatEvent.newBuilder().setSeq(1).setText("hi").build().toByteArray());
    }
}
