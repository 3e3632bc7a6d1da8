package io.parley.bridge.user.push;

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

    @Test
    void in_the_hour_that_comes_twice_the_hours_hold_both_times_and_end_with_the_second() {
        // 02:30 comes at 00:30 and at 01:30 UTC.
        QuietHours night = berlin("22:00", "03:00");
        assertThat(end(night, "2026-10-25T00:30:00Z")).isEqualTo(millis("2026-10-25T02:00:00Z"));
        assertThat(end(night, "2026-10-25T01:30:00Z")).isEqualTo(millis("2026-10-25T02:00:00Z"));
        assertThat(end(night, "2026-10-25T02:00:00Z")).isEmpty();
    }

    @Test
    void hours_that_begin_in_the_hour_that_comes_twice_never_end_in_the_past() {
        QuietHours brief = berlin("02:00", "02:30");
        long second = Instant.parse("2026-10-25T01:10:00Z").toEpochMilli();

        // The clock shows 02:10 for the second time; 02:30 was shown before, and is shown again.
        assertThat(brief.end(second)).isPresent();
        assertThat(brief.end(second).orElseThrow()).isBetween(second + 1, second + 20 * 60_000);
        assertThat(end(brief, "2026-10-25T01:30:00Z")).isEmpty();
    }

    @Test
    void hours_that_exist_only_in_the_hour_that_is_left_out_hold_for_no_moment_of_that_night() {
        QuietHours brief = berlin("02:10", "02:50");

        assertThat(end(brief, "2026-03-29T00:59:59Z")).as("01:59:59").isEmpty();
        assertThat(end(brief, "2026-03-29T01:00:00Z")).as("03:00").isEmpty();
        assertThat(end(brief, "2026-03-30T00:30:00Z"))
                .as("02:30 a day later")
                .isEqualTo(millis("2026-03-30T00:50:00Z"));
    }

    @Test
    void a_server_whose_clock_is_an_hour_off_is_off_by_that_hour_and_stays_in_step() {
        QuietHours night = berlin("22:00", "07:00");
        long hour = 3_600_000;
        // As the right clock sees it: the hours of a clock that is ahead begin and end an hour early.
        for (String right : new String[] {"2026-11-27T20:30:00Z", "2026-11-27T21:30:00Z", "2026-11-28T05:30:00Z"}) {
            long now = Instant.parse(right).toEpochMilli();
            OptionalLong ahead = night.end(now + hour);
            OptionalLong exact = night.end(now);
            assertThat(ahead.isPresent())
                    .as(right)
                    .isEqualTo(!Instant.parse(right).isBefore(Instant.parse("2026-11-27T20:00:00Z"))
                            && Instant.parse(right).isBefore(Instant.parse("2026-11-28T05:00:00Z")));
            if (ahead.isPresent() && exact.isPresent()) {
                assertThat(ahead).as("the same moment of its own clock").isEqualTo(exact);
            }
        }
    }

    @Test
    void who_travels_and_sets_another_time_zone_has_the_hours_of_that_zone() {
        QuietHours home = berlin("22:00", "07:00");
        QuietHours there = QuietHours.of(io.parley.protocol.wire.QuietHours.newBuilder()
                .setFrom("22:00")
                .setTo("07:00")
                .setTimeZone("America/New_York")
                .build());

        // 23:00 in Berlin is 17:00 in New York.
        assertThat(end(home, "2026-11-27T22:00:00Z")).isPresent();
        assertThat(end(there, "2026-11-27T22:00:00Z")).isEmpty();
        assertThat(end(there, "2026-11-28T03:00:00Z")).isEqualTo(millis("2026-11-28T12:00:00Z"));
    }
}
