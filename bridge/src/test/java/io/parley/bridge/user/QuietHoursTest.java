package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When users are not notified, by the clock on their wall. */
class QuietHoursTest {
    private static QuietHours berlin(String from, String to) {
        return QuietHours.of(io.parley.protocol.wire.QuietHours.newBuilder()
                .setFrom(from)
                .setTo(to)
                .setTimeZone("Europe/Berlin")
                .build());
    }

    private static OptionalLong millis(String instant) {
        return OptionalLong.of(Instant.parse(instant).toEpochMilli());
    }

    private static OptionalLong end(QuietHours hours, String now) {
        return hours.end(Instant.parse(now).toEpochMilli());
    }

    @Test
    void a_night_begins_on_one_day_and_ends_on_the_next() {
        QuietHours night = berlin("22:00", "07:00");

        assertThat(end(night, "2026-11-27T20:59:59Z")).as("21:59:59").isEmpty();
        assertThat(end(night, "2026-11-27T21:00:00Z")).isEqualTo(millis("2026-11-28T06:00:00Z"));
        assertThat(end(night, "2026-11-28T05:59:59Z")).isEqualTo(millis("2026-11-28T06:00:00Z"));
        assertThat(end(night, "2026-11-28T06:00:00Z")).isEmpty();
    }

    @Test
    void a_break_within_a_day_ends_on_that_day() {
        QuietHours noon = berlin("12:00", "14:30");

        assertThat(end(noon, "2026-11-27T11:00:00Z")).isEqualTo(millis("2026-11-27T13:30:00Z"));
        assertThat(end(noon, "2026-11-27T13:30:00Z")).isEmpty();
        assertThat(end(noon, "2026-11-27T22:00:00Z")).isEmpty();
    }

    @Test
    void the_night_in_which_the_clock_is_put_forward_is_an_hour_shorter() {
        // 2026-03-29, from 02:00 to 03:00 in Berlin.
        assertThat(end(berlin("22:00", "07:00"), "2026-03-28T21:00:00Z")).isEqualTo(millis("2026-03-29T05:00:00Z"));
        assertThat(end(berlin("22:00", "02:30"), "2026-03-28T21:00:00Z"))
                .as("02:30 does not exist: what the clock shows half an hour after it was put forward")
                .isEqualTo(millis("2026-03-29T01:30:00Z"));
    }

    @Test
    void the_night_in_which_the_clock_is_put_back_is_an_hour_longer() {
        // 2026-10-25, from 03:00 to 02:00 in Berlin.
        assertThat(end(berlin("22:00", "07:00"), "2026-10-24T20:00:00Z")).isEqualTo(millis("2026-10-25T06:00:00Z"));
    }
}
