package io.parley.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.LogTopics;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything below the consumer's positions is written. */
final class ProgressReportsTest {
    private static final TopicPartition ONE = new TopicPartition(LogTopics.EVENTS, 0);
    private static final TopicPartition TWO = new TopicPartition(LogTopics.EVENTS, 1);
    private static final TopicPartition POINTERS = new TopicPartition(LogTopics.POINTERS, 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PlayedProgress progress = new PlayedProgress();
    private long nanos;
    private final ProgressReports reports = new ProgressReports(progress, () -> nanos);

    @BeforeEach
    void assign() {
        consumer.updatePartitions(
                LogTopics.EVENTS,
                IntStream.range(0, 2)
                        .mapToObj(partition -> new PartitionInfo(LogTopics.EVENTS, partition, null, null, null))
                        .toList());
        consumer.assign(List.of(ONE, TWO, POINTERS));
        written(ONE, 0);
        written(TWO, 0);
        progress.end(ONE, 0);
        progress.end(TWO, 0);
    }

    @Test
    void empty_partitions_are_written() {
        second(7);

        assertThat(progress.stored()).isEqualTo(Map.of(0, 7L, 1, 7L));
    }

    @Test
    void the_told_time_is_from_before_the_ends_were_asked_for() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        progress.clockAnswers(answer);
        second(7);
        assertThat(progress.calls()).containsExactly("clock");

        progress.at(8);
        answer.complete(null);
        turns();

        assertThat(progress.calls()).containsExactly("clock", "ends", "store 2 of 2");
        assertThat(progress.stored()).isEqualTo(Map.of(0, 7L, 1, 7L));
    }

    @Test
    void a_partition_is_told_when_everything_below_its_end_is_written_and_does_not_hold_up_another() {
        progress.end(ONE, 10);
        second(1);
        written(ONE, 9);
        second(2);
        assertThat(progress.stored()).isEqualTo(Map.of(1, 2L));

        progress.end(ONE, 20);
        written(ONE, 10);
        second(3);
        assertThat(progress.stored()).as("not what was asked for later").isEqualTo(Map.of(0, 2L, 1, 3L));

        written(ONE, 20);
        turns();
        assertThat(progress.stored()).isEqualTo(Map.of(0, 3L, 1, 3L));
    }

    @Test
    void a_partition_that_is_behind_for_long_is_told_of_as_it_catches_up() {
        for (int second = 1; second <= 1000; second++) {
            progress.end(ONE, second * 10L);
            second(second);
        }
        written(ONE, 35);
        turns();
        assertThat(progress.stored()).containsEntry(0, 3L);

        written(ONE, 10_000);
        second(1001);
        assertThat(progress.stored()).containsEntry(0, 1001L);
    }

    @Test
    void a_partition_of_another_writer_is_not_told_of() {
        progress.end(ONE, 10);
        second(1);
        revoke(ONE);
        second(2);

        assertThat(progress.stored()).isEqualTo(Map.of(1, 2L));
    }

    @Test
    void a_partition_that_went_while_its_end_was_asked_for_is_not_told_of() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        progress.clockAnswers(answer);
        second(1);
        revoke(ONE);
        answer.complete(null);
        turns();

        assertThat(progress.stored()).isEqualTo(Map.of(1, 1L));
    }

    @Test
    void a_partition_that_came_is_told_of_when_this_writer_has_written_up_to_its_end() {
        revoke(ONE);
        second(1);
        consumer.assign(List.of(ONE, TWO, POINTERS));
        // What is committed: the writer before may have written more.
        written(ONE, 5);
        progress.end(ONE, 10);
        second(2);
        assertThat(progress.stored()).isEqualTo(Map.of(1, 2L));

        written(ONE, 10);
        turns();
        assertThat(progress.stored()).isEqualTo(Map.of(0, 2L, 1, 2L));
    }

    @Test
    void what_is_written_again_is_told_of_when_it_is() {
        CompletableFuture<Void> storing = new CompletableFuture<>();
        progress.storeAnswers(storing);
        progress.end(ONE, 10);
        written(ONE, 10);
        second(1);
        second(2);
        reports.forget(List.of(ONE, TWO));
        written(ONE, 5);
        progress.storeAnswers(CompletableFuture.completedFuture(null));
        storing.completeExceptionally(new IllegalStateException("lost"));
        turns();
        assertThat(progress.stored()).isEmpty();

        second(3);
        assertThat(progress.stored()).isEqualTo(Map.of(1, 3L));
        written(ONE, 10);
        turns();
        assertThat(progress.stored()).isEqualTo(Map.of(0, 3L, 1, 3L));
    }

    @Test
    void a_report_that_fails_is_followed_by_the_next() {
        progress.storeAnswers(CompletableFuture.failedFuture(new IllegalStateException("away")));
        second(1);
        assertThat(progress.stored()).isEmpty();
        progress.storeAnswers(CompletableFuture.completedFuture(null));
        progress.clockAnswers(CompletableFuture.failedFuture(new IllegalStateException("away")));
        second(2);
        assertThat(progress.stored()).isEmpty();
        progress.clockAnswers(CompletableFuture.completedFuture(null));

        second(3);

        assertThat(progress.stored()).isEqualTo(Map.of(0, 3L, 1, 3L));
    }

    @Test
    void it_asks_once_and_tells_once_in_a_second_for_all_partitions() {
        for (int i = 0; i < 20; i++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(100);
            reports.turn(consumer, (partition, position) -> position);
        }

        assertThat(progress.calls())
                .isEqualTo(Collections.nCopies(2, List.of("clock", "ends", "store 2 of 2")).stream()
                        .flatMap(List::stream)
                        .toList());
    }

    @Test
    void a_writer_without_events_asks_nothing() {
        consumer.assign(List.of(POINTERS));
        second(1);

        assertThat(progress.calls()).isEmpty();
    }

    private void second(int second) {
        nanos = TimeUnit.SECONDS.toNanos(second);
        progress.at(second);
        turns();
    }

    /** The answers of one turn are taken in the next. */
    private void turns() {
        for (int i = 0; i < 3; i++) {
            reports.turn(consumer, (partition, position) -> position);
        }
    }

    private void written(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
    }

    private void revoke(TopicPartition revoked) {
        reports.forget(List.of(revoked));
        consumer.assign(Stream.of(ONE, TWO, POINTERS)
                .filter(partition -> !partition.equals(revoked))
                .toList());
        if (!revoked.equals(TWO)) {
            written(TWO, 0);
        }
    }
}
