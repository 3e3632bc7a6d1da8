package io.parley.push.log;

import io.parley.push.sending.LogPosition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How far each partition has been done: the offset before which every notification has ended, all of its deliveries included. */
final class Progress {
    private final Map<Integer, Partition> partitions = new HashMap<>();

    private int readings;

    private static final class Partition {
        private final int reading;
        /** Records in the order of the log, and how many of their deliveries have not ended. */
        private final Map<Long, Integer> open = new LinkedHashMap<>();

        private long next;
        private long told = -1;

        private Partition(int reading) {
            this.reading = reading;
        }

        private long done() {
            return open.isEmpty() ? next : open.keySet().iterator().next();
        }
    }

    /** Where a record of this partition lies, now that the partition is read. */
    LogPosition position(int partition, long offset) {
        return new LogPosition(partition, offset, of(partition).reading);
    }

    /** A record has been read, and has so many deliveries. */
    void read(LogPosition position, int deliveries) {
        Partition of = of(position.partition());
        of.next = position.offset() + 1;
        if (deliveries > 0) {
            of.open.put(position.offset(), deliveries);
        }
    }

    /** One more of its deliveries has ended. */
    void ended(LogPosition position) {
        Partition of = partitions.get(position.partition());
        if (of != null && of.reading == position.reading()) {
            of.open.computeIfPresent(position.offset(), (key, left) -> left == 1 ? null : left - 1);
        }
    }

    /** What has moved since the last call: the next offset to read after a crash. */
    Map<Integer, Long> moved() {
        Map<Integer, Long> moved = new HashMap<>();
        partitions.forEach((number, of) -> {
            if (of.done() != of.told) {
                of.told = of.done();
                moved.put(number, of.told);
            }
        });
        return moved;
    }

    /** What {@link #moved} told was not kept: it is told again. */
    void tellAgain() {
        partitions.values().forEach(of -> of.told = -1);
    }

    /** Somebody else reads these partitions now. */
    void forget(Set<Integer> gone) {
        partitions.keySet().removeAll(gone);
    }

    private Partition of(int partition) {
        return partitions.computeIfAbsent(partition, number -> new Partition(readings++));
    }
}
