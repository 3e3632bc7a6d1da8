package io.parley.archiver;

import java.util.TreeSet;

/**
 * Which records of a partition are read and not yet written. Records are written in any order; an offset is committed when everything before it is
 * written. Of records that were let go, only the first is remembered: from there on the partition is to be read again.
 */
final class Unfinished {
    private static final long NOTHING = Long.MAX_VALUE;

    private final TreeSet<Long> offsets = new TreeSet<>();
    private long cut = NOTHING;

    void begin(long offset) {
        offsets.add(offset);
    }

    void finish(long offset) {
        offsets.remove(offset);
    }

    /** It was let go without being written. */
    void cut(long offset) {
        offsets.remove(offset);
        cut = Math.min(cut, offset);
    }

    /** The partition is to be read again. Returns from where; what is unfinished before that stays so. */
    long rewind() {
        long from = cut;
        offsets.tailSet(from, true).clear();
        cut = NOTHING;
        return from;
    }

    /**
     * Everything below it is written.
     *
     * @param position of the consumer
     */
    long low(long position) {
        long lowest = offsets.isEmpty() ? position : offsets.first();
        return Math.min(lowest, Math.min(cut, position));
    }
}
