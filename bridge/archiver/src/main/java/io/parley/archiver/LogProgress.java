package io.parley.archiver;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** Where {@link ProgressReports} gets its times and offsets from, and where it sends what follows from them. Nothing here waits. */
interface LogProgress {
    /** What Cassandra's clock shows. */
    CompletionStage<Instant> clock();

    /**
     * The ends of partitions, what belongs to open transactions included: what has been committed before lies below.
     *
     * @param partitions at least one
     */
    CompletionStage<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions);

    /**
     * Stores up to which time the events of partitions are written.
     *
     * @param writtenUntil at least one
     * @param partitions how many partitions the events have
     */
    CompletionStage<?> store(Map<Integer, Instant> writtenUntil, int partitions);
}
