package io.parley.archiver;

import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: poll, write all of it (again and again if need be), commit what has settled. When a Cassandra node was lost meanwhile, rows that it
 * took may be gone with it: then everything after the committed offsets is written again.
 */
final class EventCopy {
    private static final Logger LOG = LoggerFactory.getLogger(EventCopy.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 2000;

    private final Consumer<byte[], byte[]> consumer;
    private final Function<Read, CompletionStage<?>> write;
    private final IntConsumer wrote;
    private final java.util.function.Consumer<Throwable> failed;
    private final LongSupplier lostNodes;
    private long lostBefore;
    private final ProgressReports reports;
    private final SettledOffsets offsets;
    private boolean writing;

    /**
     * @param write done when Cassandra has everything; fails when it could not take something
     * @param settle how long after a write what it wrote may still be lost
     * @param wrote told the number of events after each write, 0 when there was nothing to write
     * @param failed told each failure of a write, which is tried again
     * @param lostNodes how often a Cassandra node was lost so far
     * @param reports is told whenever everything that was read is written
     */
    EventCopy(
            Consumer<byte[], byte[]> consumer,
            Function<Read, CompletionStage<?>> write,
            Duration settle,
            IntConsumer wrote,
            java.util.function.Consumer<Throwable> failed,
            LongSupplier lostNodes,
            ProgressReports reports) {
        this.consumer = consumer;
        this.write = write;
        this.offsets = new SettledOffsets(settle.toNanos());
        this.wrote = wrote;
        this.failed = failed;
        this.lostNodes = lostNodes;
        this.lostBefore = lostNodes.getAsLong();
        this.reports = reports;
    }

    void run(BooleanSupplier stopped) throws InterruptedException {
        consumer.subscribe(List.of(LogTopics.EVENTS, LogTopics.POINTERS), new Forgetting());
        while (!stopped.getAsBoolean()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                Read read = Read.of(records);
                writeUntilTaken(read, stopped);
                if (stopped.getAsBoolean()) {
                    return;
                }
                offsets.written(System.nanoTime(), next(records, consumer.assignment()));
            }
            wrote.accept(records.count());
            long lost = lostNodes.getAsLong();
            if (lost == lostBefore) {
                commitSettled();
                reports.turn(consumer);
            } else {
                lostBefore = lost;
                writeAgain();
            }
        }
    }

    /**
     * A write that takes long goes on: many deletions or erasures are many reads, and beginning anew would never end. Meanwhile the consumer is polled without being
     * handed anything, so that it stays in its group, and a partition that moves does not wait for this.
     */
    private void writeUntilTaken(Read read, BooleanSupplier stopped) throws InterruptedException {
        writing = true;
        consumer.pause(consumer.assignment());
        try {
            long pauseMillis = FIRST_RETRY_MILLIS;
            CompletableFuture<?> written = write.apply(read).toCompletableFuture();
            while (!stopped.getAsBoolean()) {
                try {
                    written.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    stay();
                } catch (ExecutionException e) {
                    failed.accept(e.getCause() == null ? e : e.getCause());
                    Thread.sleep(pauseMillis);
                    stay();
                    pauseMillis = Math.min(LONGEST_RETRY_MILLIS, pauseMillis * 2);
                    written = write.apply(read).toCompletableFuture();
                }
            }
        } finally {
            writing = false;
            consumer.resume(consumer.paused());
        }
    }

    private void stay() {
        ConsumerRecords<byte[], byte[]> none = consumer.poll(Duration.ZERO);
        if (!none.isEmpty()) {
            throw new IllegalStateException("a paused consumer was handed " + none.count() + " records");
        }
    }

    private void writeAgain() {
        Set<TopicPartition> assigned = consumer.assignment();
        LOG.warn("a Cassandra node was lost: writing again what is not committed, partitions={}", assigned.size());
        offsets.forget(assigned);
        reports.forget(assigned);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned);
        for (TopicPartition partition : assigned) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }
    }

    private void commitSettled() {
        Map<TopicPartition, OffsetAndMetadata> settled = offsets.settled(System.nanoTime());
        if (settled.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(settled);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The next owner reads these events again; that changes nothing.
            LOG.debug("offsets not committed because of a rebalance", e);
        }
    }

    /** Of partitions that somebody else reads by now nothing is to be committed. */
    private static Map<TopicPartition, OffsetAndMetadata> next(
            ConsumerRecords<byte[], byte[]> records, Set<TopicPartition> own) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        Set<TopicPartition> written = new HashSet<>(records.partitions());
        written.retainAll(own);
        for (TopicPartition partition : written) {
            List<ConsumerRecord<byte[], byte[]>> list = records.records(partition);
            next.put(partition, new OffsetAndMetadata(list.get(list.size() - 1).offset() + 1));
        }
        return next;
    }

    private final class Forgetting implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            offsets.forget(partitions);
            reports.forget(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (writing) {
                consumer.pause(partitions);
            }
            LOG.info("writing the history of partitions={}", partitions.size());
        }
    }
}
