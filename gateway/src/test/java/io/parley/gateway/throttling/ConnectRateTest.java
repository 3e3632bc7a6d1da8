package io.parley.gateway.throttling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CONNECTs beyond the rate wait, and are refused when they would wait too long. */
final class ConnectRateTest {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        clock.shutdownNow();
    }

    @Test
    void a_storm_within_the_rate_is_taken_at_once() {
        ConnectRate rate = new ConnectRate(new Rate(2000, Duration.ofSeconds(1)), Duration.ofSeconds(2));
        List<CompletableFuture<Boolean>> storm = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            storm.add(rate.admit(clock));
        }
        assertThat(storm).allSatisfy(connect -> assertThat(connect).isCompletedWithValue(true));
    }

    @Test
    void one_beyond_the_rate_waits_and_is_taken() throws Exception {
        ConnectRate rate = new ConnectRate(new Rate(1, Duration.ofMillis(500)), Duration.ofSeconds(30));
        long startNanos = System.nanoTime();
        assertThat(rate.admit(clock)).isCompletedWithValue(true);

        assertThat(rate.admit(clock).get(30, TimeUnit.SECONDS)).isTrue();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @Test
    void one_that_would_wait_too_long_is_refused_at_once() {
        ConnectRate rate = new ConnectRate(new Rate(1, Duration.ofDays(1)), Duration.ofHours(1));
        assertThat(rate.admit(clock)).isCompletedWithValue(true);
        assertThat(rate.admit(clock)).isCompletedWithValue(false);
    }
}
