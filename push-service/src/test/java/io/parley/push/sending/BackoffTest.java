package io.parley.push.sending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), new Random(1));

    @Test
    void the_wait_doubles_up_to_the_longest_and_is_jittered_by_half() {
        for (int round = 0; round < 100; round++) {
            assertThat(backoff.millis(1, Duration.ZERO)).isBetween(500L, 1000L);
            assertThat(backoff.millis(3, Duration.ZERO)).isBetween(2000L, 4000L);
            assertThat(backoff.millis(70, Duration.ZERO)).isBetween(30_000L, 60_000L);
        }
    }

    @Test
    void not_all_come_back_at_once() {
        assertThat(java.util.stream.LongStream.range(0, 50)
                        .map(round -> backoff.millis(1, Duration.ofMinutes(5)))
                        .distinct()
                        .count())
                .isGreaterThan(10);
    }

    @Test
    void what_the_provider_asks_for_is_kept_even_beyond_the_longest() {
        assertThat(backoff.millis(1, Duration.ofMinutes(5))).isBetween(300_000L, 300_500L);
    }
}
