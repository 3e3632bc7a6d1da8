package io.parley.storage;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How old the stored history is, by partition of the log: whatever was in the log before that is stored.
 *
 * @param askedNanos {@link System#nanoTime} before Cassandra was asked; the ages grow from then on
 * @param partitions how many there are; 0 when no writer has ever reported
 * @param millis the ages at that time or later, as far as writers have reported any
 * @param limit the oldest history that decides about rights
 */
record HistoryAge(long askedNanos, int partitions, Map<Integer, Long> millis, Duration limit) {
    /** By so much the clocks of Cassandra's nodes may differ. */
    private static final long CLOCKS_DIFFER_MILLIS = 1000;

    HistoryAge {
        millis = Map.copyOf(millis);
    }

    /**
     * Checks that what was read since then is new enough to decide about the rights in a conversation. Those in a conversation of two never end, so that
     * any history will do.
     *
     * @param nowNanos when the rights have been read
     * @throws HistoryBehindException if it is not
     */
    void require(ConversationId conversation, long nowNanos) {
        if (conversation.isDirect()) {
            return;
        }
        if (partitions == 0) {
            throw new HistoryBehindException("no history writer has reported yet");
        }
        int partition = LogPartition.of(conversation, partitions);
        if (!isWithinLimit(partition, nowNanos)) {
            throw new HistoryBehindException("the history of partition " + partition + " of " + partitions
                    + " is behind, or its writer does not report");
        }
    }

    /** Whether the history of all partitions is new enough. */
    boolean isWithinLimit(long nowNanos) {
        return partitions > 0
                && IntStream.range(0, partitions).allMatch(partition -> isWithinLimit(partition, nowNanos));
    }

    /** Whether everything is stored that was in the log at that {@link System#nanoTime}. */
    boolean isWrittenUntil(long nanos) {
        return partitions > 0
                && IntStream.range(0, partitions).allMatch(partition -> {
                    Long age = millis.get(partition);
                    return age != null
                            && age >= -CLOCKS_DIFFER_MILLIS
                            && askedNanos - Math.max(0, age) * 1_000_000 >= nanos;
                });
    }

    private boolean isWithinLimit(int partition, long nowNanos) {
        Long age = millis.get(partition);
        // A time further in the future comes from a clock of Cassandra that was set back since: it proves nothing.
        return age != null
                && age >= -CLOCKS_DIFFER_MILLIS
                && Math.max(0, age) + (nowNanos - askedNanos) / 1_000_000 <= limit.toMillis();
    }
}
