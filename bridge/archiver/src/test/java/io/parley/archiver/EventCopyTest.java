package io.parley.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop with a consumer whose records are given. */
@Timeout(60)
final class EventCopyTest {
    private static final TopicPartition EVENTS = new TopicPartition(LogTopics.EVENTS, 0);
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PlayedProgress progress = new PlayedProgress();
    private final AtomicLong lostNodes = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private final List<Long> unreadable = new ArrayList<>();

    @Test
    void nothing_is_told_while_writes_fail() {
        AtomicInteger writes = new AtomicInteger();
        assignAtFirstPoll(event(0, "ann~ben"));
        copyUntil(() -> progress.stored().equals(Map.of(0, 0L)), conversation -> {
            assertThat(progress.stored()).isEmpty();
            return writes.incrementAndGet() < 3
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : DONE;
        });

        assertThat(writes).hasValue(3);
    }

    @Test
    void after_a_lost_node_nothing_is_told_until_all_is_written_again() {
        AtomicInteger writes = new AtomicInteger();
        assignAtFirstPoll(event(0, "ann~ben"));
        copyUntil(() -> progress.stored().equals(Map.of(0, 0L)), conversation -> {
            assertThat(progress.calls()).doesNotContain("store 1 of 1");
            if (writes.incrementAndGet() == 1) {
                lostNodes.incrementAndGet();
                // It is read again: the mock has forgotten it.
                consumer.schedulePollTask(() -> consumer.addRecord(event(0, "ann~ben")));
            }
            return DONE;
        });

        assertThat(writes).hasValue(2);
    }

    @Test
    void a_conversation_whose_writes_fail_waits_alone_and_offsets_wait_for_it() {
        AtomicInteger held = new AtomicInteger();
        List<ConversationId> written = new ArrayList<>();
        assignAtFirstPoll(event(0, "ann~cid"), event(1, "ann~ben"), event(2, "ann~cid"), event(3, "ann~dan"));
        copyUntil(() -> committed() == 4, conversation -> {
            if (conversation.value().equals("ann~ben") && held.incrementAndGet() < 4) {
                assertThat(committed()).isLessThanOrEqualTo(1);
                return CompletableFuture.failedFuture(new IllegalStateException("away"));
            }
            written.add(conversation);
            return DONE;
        });

        assertThat(written).extracting(ConversationId::value).containsExactly("ann~cid", "ann~dan", "ann~ben");
    }

    @Test
    void what_is_no_event_is_buried_and_the_next_is_written() {
        AtomicInteger writes = new AtomicInteger();
        assignAtFirstPoll(
                record(0, "ann~ben", new byte[] {-1}),
                record(1, "NO CONVERSATION", bytes()),
                record(2, "ann~ben", ChatEvent.getDefaultInstance().toByteArray()),
                event(3, "ann~ben"));
        copyUntil(() -> committed() == 4, conversation -> {
            writes.incrementAndGet();
            return DONE;
        });

        assertThat(writes).hasValue(1);
        assertThat(unreadable).containsExactly(0L, 1L, 2L);
    }

    @Test
    void a_partition_that_somebody_else_has_now_is_neither_written_further_nor_committed() {
        List<CompletableFuture<Void>> under = new ArrayList<>();
        assignAtFirstPoll(event(0, "ann~ben"), event(1, "ann~ben"));
        consumer.schedulePollTask(() -> {
            consumer.addRecord(event(2, "ann~ben"));
        });
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of());
            under.get(0).complete(null);
        });
        copyUntil(() -> turns.get() > 6, conversation -> {
            under.add(new CompletableFuture<>());
            return under.get(under.size() - 1);
        });

        assertThat(under).as("what waited for the first write is forgotten").hasSize(1);
        assertThat(committed()).isZero();
    }

    private long committed() {
        var offset = consumer.committed(Set.of(EVENTS)).get(EVENTS);
        return offset == null ? 0 : offset.offset();
    }

    @SafeVarargs
    private void assignAtFirstPoll(ConsumerRecord<byte[], byte[]>... records) {
        consumer.updatePartitions(LogTopics.EVENTS, List.of(new PartitionInfo(LogTopics.EVENTS, 0, null, null, null)));
        progress.end(EVENTS, records.length);
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(EVENTS, 0L));
            consumer.rebalance(List.of(EVENTS));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                consumer.addRecord(record);
            }
        });
    }

    private void copyUntil(BooleanSupplier over, Function<ConversationId, CompletionStage<?>> write) {
        Chains chains = new Chains(
                (conversation, items) -> write.apply(conversation),
                failure -> false,
                (item, failure) -> DONE,
                failure -> {});
        new EventCopy(
                        consumer,
                        chains,
                        (record, failure) -> {
                            unreadable.add(record.offset());
                            return DONE;
                        },
                        Duration.ZERO,
                        (events, failing) -> turns.incrementAndGet(),
                        lostNodes::get,
                        new ProgressReports(progress, System::nanoTime))
                .run(() -> turns.get() > 1 && over.getAsBoolean());
    }

    private static ConsumerRecord<byte[], byte[]> event(long offset, String conversation) {
        return record(offset, conversation, bytes());
    }

    private static byte[] bytes() {
        return ChatEvent.newBuilder().setSeq(1).setText("hi").build().toByteArray();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte[] value) {
        return new ConsumerRecord<>(LogTopics.EVENTS, 0, offset, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
