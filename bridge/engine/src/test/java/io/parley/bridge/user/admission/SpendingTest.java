package io.parley.bridge.user.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SpendingTest {
    private static final long NOW_MILLIS = 1_700_000_000_000L;
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    @Test
    void as_many_as_the_limit_pass_at_once_and_no_more() {
        for (int limit : new int[] {1, 7, 200, 1_000, 100_000}) {
            assertThat(passing(0, limit, NOW_MILLIS)).isEqualTo(limit);
        }
    }

    @Test
    void they_come_back_evenly_and_all_within_an_hour() {
        long until = 0;
        for (int i = 0; i < 200; i++) {
            until = Spending.take(until, 200, NOW_MILLIS);
        }
        assertThat(passing(until, 200, NOW_MILLIS + HOUR_MILLIS / 4)).isEqualTo(50);
        assertThat(passing(until, 200, NOW_MILLIS + HOUR_MILLIS)).isEqualTo(200);
        assertThat(passing(until, 200, NOW_MILLIS + 24 * HOUR_MILLIS)).isEqualTo(200);
    }

    private static int passing(long until, int limit, long nowMillis) {
        int passed = 0;
        for (long next = Spending.take(until, limit, nowMillis); next >= 0; passed++) {
            next = Spending.take(next, limit, nowMillis);
        }
        return passed;
    }
}
