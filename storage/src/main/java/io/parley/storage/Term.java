package io.parley.storage;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Retention;
import java.time.Duration;
import java.time.Instant;

/**
 * Where and how long a message is kept.
 *
 * @param table where it lies
 * @param seconds how long from now; 0: until it is deleted; less: its time is over
 */
record Term(MessageTable table, int seconds) {
    private static final int UNTIL_DELIVERED_DAYS = 30;
    /** Not every Cassandra takes a later end. */
    private static final Instant LAST_END = Instant.parse("2038-01-18T00:00:00Z");

    static Term of(LoggedEvent event, ChatEvent decoded, Instant now) {
        Retention retention = event.retention();
        return switch (retention.getKeepCase()) {
            case DAYS -> new Term(MessageTable.EXPIRING, seconds(decoded, retention.getDays(), now));
            case UNTIL_DELIVERED -> new Term(MessageTable.KEPT, seconds(decoded, UNTIL_DELIVERED_DAYS, now));
            case FOREVER, KEEP_NOT_SET -> new Term(MessageTable.KEPT, 0);
        };
    }

    boolean isOver() {
        return seconds < 0;
    }

    private static int seconds(ChatEvent event, int days, Instant now) {
        Duration kept = Duration.ofDays(days);
        Duration age = Duration.between(Instant.ofEpochMilli(Timestamps.toMillis(event.getAt())), now);
        // A sender's clock that is ahead must not make it longer than Cassandra takes.
        long asked = kept.minus(age.isNegative() ? Duration.ZERO : age).toSeconds();
        long left = Math.min(asked, Duration.between(now, LAST_END).toSeconds());
        return left > 0 ? (int) left : -1;
    }
}
