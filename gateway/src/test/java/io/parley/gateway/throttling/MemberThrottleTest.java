package io.parley.gateway.throttling;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.UserId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A user names members of groups within a measure. */
final class MemberThrottleTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");

    /** What is taken does not come back during the test. */
    private final MemberThrottle throttle = new MemberThrottle(new Rate(10, Duration.ofDays(1)));

    @Test
    void who_named_many_waits_and_another_does_not() {
        assertThat(throttle.take(ANN, 8)).isTrue();
        assertThat(throttle.take(ANN, 3)).isFalse();
        assertThat(throttle.take(ANN, 2)).isTrue();
        assertThat(throttle.take(BEN, 10)).isTrue();
    }

    @Test
    void a_request_that_names_nobody_passes_always() {
        assertThat(throttle.take(ANN, 10)).isTrue();
        assertThat(throttle.take(ANN, 0)).isTrue();
    }

    @Test
    void a_group_larger_than_the_measure_takes_all_of_it() {
        assertThat(throttle.take(ANN, 1_000)).isTrue();
        assertThat(throttle.take(ANN, 1)).isFalse();
    }
}
