package io.parley.archiver;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * From offsets to times. A mark is a time and the end that a partition had then or later. When everything below that end is written, everything is that
 * was in the partition at that time.
 */
final class EndMarks {
    /** Of a partition that is behind: enough to tell each second of it, when it catches up, within the first ones. */
    private static final int MOST = 8;

    private final Map<TopicPartition, Deque<Mark>> waiting = new HashMap<>();
    private final Map<TopicPartition, Instant> written = new HashMap<>();

    private record Mark(Instant time, long end) {}

    /**
     * Takes marks.
     *
     * @param time before the ends were asked for
     * @param ends the offsets behind the last records
     */
    void add(Instant time, Map<TopicPartition, Long> ends) {
        ends.forEach((partition, end) -> {
            Deque<Mark> marks = waiting.computeIfAbsent(partition, key -> new ArrayDeque<>());
            if (marks.size() < MOST) {
                marks.add(new Mark(time, end));
            }
        });
    }

    /** The partitions that have marks. */
    Set<TopicPartition> waiting() {
        return Set.copyOf(waiting.keySet());
    }

    /** @param position of a partition: everything below it is written */
    void reach(ToLongFunction<TopicPartition> position) {
        waiting.forEach((partition, marks) -> {
            long reached = position.applyAsLong(partition);
            Mark oldest = marks.peek();
            while (oldest != null && oldest.end() <= reached) {
                written.merge(partition, oldest.time(), (one, other) -> one.isAfter(other) ? one : other);
                marks.remove();
                oldest = marks.peek();
            }
        });
        waiting.values().removeIf(Deque::isEmpty);
    }

    /** Takes out up to which time partitions are written, as far as that is new. */
    Map<TopicPartition, Instant> written() {
        Map<TopicPartition, Instant> taken = new HashMap<>(written);
        written.clear();
        return taken;
    }

    /** Forgets partitions that are read by somebody else, or again from an earlier offset. */
    void forget(Collection<TopicPartition> partitions) {
        waiting.keySet().removeAll(partitions);
        written.keySet().removeAll(partitions);
    }
}
