package io.parley.gateway.throttling;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.UserId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a user may do is counted for each user alone. */
final class LimitsTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");

    /** Buckets of that many, which fill again within a day. */
    private static Limits limits(long messages, long bytes, long requests) {
        Duration day = Duration.ofDays(1);
        return new Limits(new Limits.Rates(new Rate(messages, day), new Rate(bytes, day), new Rate(requests, day)));
    }

    @Test
    void each_user_has_a_bucket_of_each_kind() {
        Limits limits = limits(2, 1000, 3);
        assertThat(limits.message(ANN, 10)).isEqualTo(Throttle.NOW);
        assertThat(limits.message(ANN, 10)).isEqualTo(Throttle.NOW);
        assertThat(limits.message(ANN, 10)).isPositive();
        assertThat(limits.message(BEN, 10)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(ANN, 10)).isEqualTo(Throttle.NOW);
    }

    @Test
    void bytes_are_limited_too() {
        Limits limits = limits(100, 1000, 1);
        assertThat(limits.message(ANN, 900)).isEqualTo(Throttle.NOW);
        assertThat(limits.message(ANN, 200)).isPositive();
        assertThat(limits.message(ANN, 100)).isEqualTo(Throttle.NOW);
        assertThat(limits.message(BEN, 1001)).isEqualTo(Throttle.NEVER);
        assertThat(limits.message(BEN, 1000)).isEqualTo(Throttle.NOW);
    }

    @Test
    void a_large_request_counts_once_for_each_kib() {
        Limits limits = limits(1, 1, 10);
        assertThat(limits.request(ANN, 8 * 1024 + 1)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(ANN, 1025)).as("two, and one is left").isPositive();
        assertThat(limits.request(ANN, 1024)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(BEN, 1 << 20)).as("a larger one takes all").isEqualTo(Throttle.NOW);
        assertThat(limits.request(BEN, 0)).isPositive();
    }

    @Test
    void a_full_bucket_is_not_spent_at_once() {
        Duration day = Duration.ofDays(1);
        Rate paced = new Rate(5, Duration.ofDays(9), 2, day);
        Limits limits = new Limits(new Limits.Rates(new Rate(1, day), new Rate(1, day), paced));
        assertThat(limits.request(ANN, 1)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(ANN, 1)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(ANN, 1)).as("until one of two is back").isBetween(1L, day.toMillis() / 2 + 1);
        assertThat(limits.request(BEN, 4 * 1024))
                .as("as much as may be at once")
                .isEqualTo(Throttle.NOW);
        assertThat(limits.request(BEN, 1)).isPositive();
    }

    @Test
    void a_bucket_fills_again() {
        Rate fast = new Rate(1, Duration.ofMillis(50));
        Limits limits = new Limits(new Limits.Rates(fast, fast, fast));
        assertThat(limits.request(ANN, 1)).isEqualTo(Throttle.NOW);
        assertThat(limits.request(ANN, 1)).isBetween(1L, 51L);
        long startNanos = System.nanoTime();
        while (limits.request(ANN, 1) != Throttle.NOW) {
            assertThat(System.nanoTime() - startNanos)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
            Thread.onSpinWait();
        }
    }
}
