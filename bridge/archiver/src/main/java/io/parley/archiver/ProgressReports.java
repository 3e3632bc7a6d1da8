package io.parley.archiver;

import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once a second up to which time the events are written, for each partition that this writer has: first it asks for Cassandra's time, then for the
 * partitions' ends, and tells the time when it has written everything below the ends. So the told time is never too late, whatever happened in between.
 *
 * <p>For the writer's thread only.
 */
final class ProgressReports {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressReports.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;
    /** For a partition whose position is not known yet. */
    private static final Duration POSITION_LIMIT = Duration.ofMillis(100);

    private final LogProgress progress;
    private final LongSupplier nanoTime;
    private final EndMarks marks = new EndMarks();
    private long askedNanos;
    private @Nullable CompletableFuture<Asked> asking;
    private @Nullable CompletableFuture<?> telling;
    private boolean failing;

    private record Asked(Instant time, Map<TopicPartition, Long> ends) {}

    /** @param nanoTime as {@link System#nanoTime} */
    ProgressReports(LogProgress progress, LongSupplier nanoTime) {
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.askedNanos = nanoTime.getAsLong() - PERIOD_NANOS;
    }

    /**
     * Does what is due, and waits for no answer.
     *
     * @param consumer whose partitions they are
     * @param low of a partition and the consumer's position there: everything below it is written
     */
    void turn(Consumer<?, ?> consumer, ToLongBiFunction<TopicPartition, Long> low) {
        Set<TopicPartition> events = consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(LogTopics.EVENTS))
                .collect(Collectors.toSet());
        takeAnswers(events);
        marks.reach(partition -> low.applyAsLong(partition, position(consumer, partition)));
        tell(consumer);
        ask(events);
    }

    /** Tells nothing of partitions that were lost, or are written again, until they are written up to their ends anew. */
    void forget(Collection<TopicPartition> partitions) {
        marks.forget(partitions);
    }

    private void ask(Set<TopicPartition> partitions) {
        if (asking != null || partitions.isEmpty() || nanoTime.getAsLong() - askedNanos < PERIOD_NANOS) {
            return;
        }
        askedNanos = nanoTime.getAsLong();
        asking = progress.clock()
                .thenCompose(time -> progress.ends(partitions).thenApply(ends -> new Asked(time, ends)))
                .toCompletableFuture();
    }

    private void takeAnswers(Set<TopicPartition> assigned) {
        if (telling != null && telling.isDone()) {
            if (succeeded(telling)) {
                failing = false;
            }
            telling = null;
        }
        if (asking != null && asking.isDone()) {
            if (succeeded(asking)) {
                Asked asked = asking.join();
                Map<TopicPartition, Long> ends = new HashMap<>(asked.ends());
                // Without those that were lost meanwhile.
                ends.keySet().retainAll(assigned);
                marks.add(asked.time(), ends);
            }
            asking = null;
        }
    }

    private void tell(Consumer<?, ?> consumer) {
        if (telling != null) {
            return;
        }
        Map<Integer, Instant> writtenUntil = new HashMap<>();
        marks.written().forEach((partition, time) -> writtenUntil.put(partition.partition(), time));
        if (!writtenUntil.isEmpty()) {
            int partitions = consumer.partitionsFor(LogTopics.EVENTS).size();
            telling = progress.store(writtenUntil, partitions).toCompletableFuture();
        }
    }

    private static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, POSITION_LIMIT);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    /** What has failed is not tried again: the next second's report says more. */
    private boolean succeeded(CompletableFuture<?> done) {
        try {
            done.join();
            return true;
        } catch (CompletionException e) {
            if (!failing) {
                LOG.warn(
                        "cannot tell how far history is written, reads of groups are refused meanwhile: {}",
                        e.toString());
            }
            failing = true;
            return false;
        }
    }
}
