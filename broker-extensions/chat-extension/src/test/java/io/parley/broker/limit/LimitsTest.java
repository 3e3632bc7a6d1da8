package io.parley.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.UserId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a user may do is counted for each user alone. */
public class LimitsTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");

    /** Limits that no test reaches. */
    public static Limits generous() {
        return limits(1_000_000, 1L << 40, 1_000_000, 1_000_000);
    }

    /** Buckets of that many, which fill again within a day. */
    public static Limits limits(long messages, long bytes, long requests, long groups) {
        Duration day = Duration.ofDays(1);
        return new Limits(new Limits.Rates(
                new Rate(messages, day), new Rate(bytes, day), new Rate(requests, day), new Rate(groups, day)));
    }

    @Test
    void each_user_has_a_bucket_of_each_kind() {
        Limits limits = limits(2, 1000, 3, 1);
        assertThat(limits.message(ANN, 10)).isTrue();
        assertThat(limits.message(ANN, 10)).isTrue();
        assertThat(limits.message(ANN, 10)).isFalse();
        assertThat(limits.message(BEN, 10)).isTrue();
        assertThat(limits.group(ANN)).isTrue();
        assertThat(limits.group(ANN)).isFalse();
        assertThat(limits.request(ANN)).isTrue();
    }

    @Test
    void bytes_are_limited_too() {
        Limits limits = limits(100, 1000, 1, 1);
        assertThat(limits.message(ANN, 900)).isTrue();
        assertThat(limits.message(ANN, 200)).isFalse();
        assertThat(limits.message(ANN, 100)).isTrue();
    }

    @Test
    void a_bucket_fills_again() {
        Rate fast = new Rate(1, Duration.ofMillis(50));
        Limits limits = new Limits(new Limits.Rates(fast, fast, fast, fast));
        assertThat(limits.request(ANN)).isTrue();
        long startNanos = System.nanoTime();
        while (!limits.request(ANN)) {
            assertThat(System.nanoTime() - startNanos)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
            Thread.onSpinWait();
        }
    }
}
