package io.parley.archiver;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets wait here after their rows were written, until a crash of Cassandra cannot take the rows back any more: it syncs its commit
 * log periodically, and what it acknowledged within the last period may be lost with it.
 */
final class SettledOffsets {
    private final long settleNanos;
    private final Deque<Written> waiting = new ArrayDeque<>();

    private record Written(long atNanos, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    /** @param settleNanos how long after its row's write an offset may be committed */
    SettledOffsets(long settleNanos) {
        this.settleNanos = settleNanos;
    }

    /** Takes the next offsets to read, all rows before which are written. */
    void written(long nowNanos, Map<TopicPartition, OffsetAndMetadata> next) {
        waiting.add(new Written(nowNanos, new HashMap<>(next)));
    }

    /** Takes out the offsets that may be committed now; empty when there are none. */
    Map<TopicPartition, OffsetAndMetadata> settled(long nowNanos) {
        Map<TopicPartition, OffsetAndMetadata> settled = new HashMap<>();
        Written oldest = waiting.peek();
        while (oldest != null && nowNanos - oldest.atNanos() >= settleNanos) {
            settled.putAll(oldest.offsets());
            waiting.remove();
            oldest = waiting.peek();
        }
        return settled;
    }

    /** Forgets partitions that somebody else reads now; they start at what is committed. */
    void forget(Collection<TopicPartition> partitions) {
        waiting.forEach(written -> written.offsets().keySet().removeAll(partitions));
    }
}
