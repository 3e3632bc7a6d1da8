package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Backoff backoff = new Backoff(FIRST, LONGEST, () -> 1);

    @Test
    void the_tries_become_rarer_up_to_the_longest_pause() {
        assertThat(LongStream.generate(backoff::pauseMillis).limit(7))
                .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    }

    @Test
    void after_a_success_it_begins_anew() {
        LongStream.generate(backoff::pauseMillis).limit(7).forEach(pause -> {});
        backoff.succeeded();
        assertThat(backoff.pauseMillis()).isEqualTo(1_000);
    }

    @Test
    void chance_shortens_a_pause_by_a_half_at_most() {
        assertThat(new Backoff(FIRST, LONGEST, () -> 0).pauseMillis()).isEqualTo(500);
    }
}
