package io.parley.archiver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: poll, hand what came to the {@link Chains}, commit what has settled. It waits for no write, so that it stays in its group, and a partition that moves waits
 * for nothing. When a Cassandra node was lost, rows that it took may be gone with it: then everything after the committed offsets is written again.
 */
final class EventCopy {
    private static final Logger LOG = LoggerFactory.getLogger(EventCopy.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration POLL_WHILE_WRITING = Duration.ofMillis(5);
    private static final Duration POLL_WHILE_FAILING = Duration.ofMillis(50);

    /** Takes what is no event and no pointers. */
    private final BiFunction<ConsumerRecord<byte[], byte[]>, Exception, CompletionStage<?>> unreadable;

    private final Consumer<byte[], byte[]> consumer;
    private final Chains chains;
    private final Turns turns;
    private final LongSupplier lostNodes;
    private final ProgressReports reports;
    private final SettledOffsets offsets;
    private final Map<TopicPartition, Unfinished> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> lows = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    /** What ended elsewhere and concerns the loop. */
    private final Queue<Runnable> ended = new ConcurrentLinkedQueue<>();

    private boolean committing;
    private long lostBefore;

    /** Told after each turn of the loop. */
    interface Turns {
        /**
         * A turn is over.
         *
         * @param events how many were written in it
         * @param failing how many conversations wait to be tried again
         */
        void over(int events, int failing);
    }

    /**
     * @param unreadable takes a record that cannot be decoded; done when it is kept
     * @param settle how long after a write what it wrote may still be lost
     * @param lostNodes how often a Cassandra node was lost so far
     * @param reports is told what is written
     */
    EventCopy(
            Consumer<byte[], byte[]> consumer,
            Chains chains,
            BiFunction<ConsumerRecord<byte[], byte[]>, Exception, CompletionStage<?>> unreadable,
            Duration settle,
            Turns turns,
            LongSupplier lostNodes,
            ProgressReports reports) {
        this.consumer = consumer;
        this.chains = chains;
        this.unreadable = unreadable;
        this.offsets = new SettledOffsets(settle.toNanos());
        this.turns = turns;
        this.lostNodes = lostNodes;
        this.lostBefore = lostNodes.getAsLong();
        this.reports = reports;
    }

    void run(BooleanSupplier stopped) {
        consumer.subscribe(List.of(LogTopics.EVENTS, LogTopics.POINTERS), new Forgetting());
        while (!stopped.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(pollTime())) {
                add(record);
            }
            for (Runnable end = ended.poll(); end != null; end = ended.poll()) {
                end.run();
            }
            int written = chains.turn(System.nanoTime());
            readAgain();
            keepBound();
            long lost = lostNodes.getAsLong();
            if (lost == lostBefore) {
                commitSettled();
                reports.turn(consumer, this::low);
            } else {
                lostBefore = lost;
                writeAgain();
            }
            turns.over(written, chains.failing());
        }
    }

    private Duration pollTime() {
        if (chains.isWriting()) {
            return POLL_WHILE_WRITING;
        }
        return chains.failing() > 0 ? POLL_WHILE_FAILING : POLL;
    }

    private Unfinished unfinished(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, key -> new Unfinished());
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            // Says nothing: it begins a new file.
            return;
        }
        Unfinished unfinished = unfinished(new TopicPartition(record.topic(), record.partition()));
        try {
            chains.add(Item.of(record, unfinished));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            unfinished.begin(record.offset());
            unreadable
                    .apply(record, e)
                    .whenComplete((done, failure) -> ended.add(() -> {
                        if (failure != null) {
                            throw new IllegalStateException("an unreadable record cannot be buried", failure);
                        }
                        unfinished.finish(record.offset());
                    }));
        }
    }

    /** While there is no room nothing is read, and the consumer stays in its group. */
    private void keepBound() {
        if (chains.hasRoom()) {
            consumer.resume(consumer.paused());
        } else {
            consumer.pause(consumer.assignment());
        }
    }

    /** What was let go because there was no room for it. */
    private void readAgain() {
        Set<Unfinished> again = chains.again();
        partitions.forEach((partition, unfinished) -> {
            if (again.contains(unfinished)) {
                long from = unfinished.rewind();
                chains.forget(unfinished, from);
                consumer.seek(partition, from);
            }
        });
    }

    private void writeAgain() {
        Set<TopicPartition> assigned = consumer.assignment();
        LOG.warn("a Cassandra node was lost: writing again what is not committed, partitions={}", assigned.size());
        forget(assigned);
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

    /** What is being written of them goes on, and proves nothing. */
    private void forget(Collection<TopicPartition> gone) {
        offsets.forget(gone);
        reports.forget(gone);
        lows.keySet().removeAll(gone);
        uncommitted.keySet().removeAll(gone);
        for (TopicPartition partition : gone) {
            Unfinished unfinished = partitions.remove(partition);
            if (unfinished != null) {
                chains.forget(unfinished, 0);
            }
        }
    }

    /** Everything of the partition below it is written. */
    private long low(TopicPartition partition, long position) {
        Unfinished unfinished = partitions.get(partition);
        return unfinished == null ? position : unfinished.low(position);
    }

    private void commitSettled() {
        long now = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        // Where nothing has come, nothing is to be committed.
        partitions.keySet().forEach(partition -> {
            long low = low(partition, consumer.position(partition));
            if (!Long.valueOf(low).equals(lows.put(partition, low))) {
                next.put(partition, new OffsetAndMetadata(low));
            }
        });
        if (!next.isEmpty()) {
            offsets.written(now, next);
        }
        uncommitted.putAll(offsets.settled(now));
        if (!committing && !uncommitted.isEmpty()) {
            committing = true;
            Map<TopicPartition, OffsetAndMetadata> sent = Map.copyOf(uncommitted);
            consumer.commitAsync(sent, (done, failure) -> {
                committing = false;
                if (failure == null) {
                    sent.forEach(uncommitted::remove);
                } else {
                    // With the next turn. Whoever else reads them now reads these events again; that changes nothing.
                    LOG.debug("offsets not committed", failure);
                }
            });
        }
    }

    private final class Forgetting implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            forget(revoked);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            LOG.info("writing the history of partitions={}", assigned.size());
        }
    }
}
