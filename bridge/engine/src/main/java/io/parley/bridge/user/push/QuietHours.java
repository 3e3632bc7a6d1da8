package io.parley.bridge.user.push;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.OptionalLong;

/**
 * A span of each day in which a user is not notified. It goes by the clock on the wall: where the clock is put forward or back, the span is an hour
 * shorter or longer.
 *
 * @param from its first moment
 * @param to its end; before {@code from}: on the next day
 * @param zone whose clock
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
    /** @throws DateTimeException if a time or the zone cannot be read */
    public static QuietHours of(io.parley.protocol.wire.QuietHours hours) {
        return new QuietHours(
                LocalTime.parse(hours.getFrom()), LocalTime.parse(hours.getTo()), ZoneId.of(hours.getTimeZone()));
    }

    /** When the span ends in which that time lies, epoch milliseconds; empty: it lies in none. */
    OptionalLong end(long nowMillis) {
        LocalDateTime now =
                ZonedDateTime.ofInstant(Instant.ofEpochMilli(nowMillis), zone).toLocalDateTime();
        LocalTime time = now.toLocalTime();
        boolean overnight = !from.isBefore(to);
        boolean within =
                overnight ? !time.isBefore(from) || time.isBefore(to) : !time.isBefore(from) && time.isBefore(to);
        if (!within) {
            return OptionalLong.empty();
        }
        LocalDateTime end = now.toLocalDate().atTime(to);
        LocalDateTime next = time.isBefore(to) ? end : end.plusDays(1);
        // The clock may show this time again before it shows the end.
        return OptionalLong.of(Math.max(next.atZone(zone).toInstant().toEpochMilli(), nowMillis + 1));
    }
}
