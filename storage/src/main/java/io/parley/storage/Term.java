package io.parley.storage;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.time.Instant;

/**
 * Where and how long a message is kept.
 *
 * @param table where it lies
 * @param seconds how long from now; 0: until it is deleted; less: its time is over
 */
record Term(MessageTable table, int seconds) {
    /** Not every Cassandra takes a later end. */
    private static final Instant LAST_END = Instant.parse("2038-01-18T00:00:00Z");

    static Term of(LoggedEvent event, ChatEvent decoded, Instant now) {
        Keeping keeping = event.keeping();
        MessageTable table =
                keeping.getDays() == 0 || keeping.getUntilDelivered() ? MessageTable.KEPT : MessageTable.EXPIRING;
        return new Term(table, keeping.getDays() == 0 ? 0 : seconds(decoded, keeping.getDays(), now));
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
