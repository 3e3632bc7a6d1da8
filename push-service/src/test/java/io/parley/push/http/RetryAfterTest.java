package io.parley.push.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final long NOW_MILLIS = Instant.parse("2026-11-27T21:00:00Z").toEpochMilli();

    private static Duration of(String value) {
        return RetryAfter.of(Optional.of(value), NOW_MILLIS);
    }

    @Test
    void it_is_seconds_or_a_date() {
        assertThat(of(" 120 ")).isEqualTo(Duration.ofMinutes(2));
        assertThat(of("Fri, 27 Nov 2026 21:01:30 GMT")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void nobody_makes_us_wait_longer_than_a_day() {
        assertThat(of("99999999999999999999")).isEqualTo(RetryAfter.LONGEST);
        assertThat(of("Fri, 27 Nov 2099 21:01:30 GMT")).isEqualTo(RetryAfter.LONGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "1.5", "٣", "Fri, 27 Nov 2026 20:59:00 GMT"})
    void what_is_no_time_to_wait_is_none(String value) {
        assertThat(of(value)).isZero();
    }

    @Test
    void without_the_header_there_is_none() {
        assertThat(RetryAfter.of(Optional.empty(), NOW_MILLIS)).isZero();
    }
}
