package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DownloadLimitsTest {
    private static final int SLOW = 1000;
    /** A second, less what the test itself takes. */
    private static final long LONG = Duration.ofMillis(500).toNanos();

    @Test
    void all_downloads_of_an_account_share_its_speed() {
        DownloadLimits limits = new DownloadLimits(SLOW, 10);
        try (DownloadLimits.Download one = limits.begin("ann");
                DownloadLimits.Download other = limits.begin("ann");
                DownloadLimits.Download stranger = limits.begin("ben")) {
            assertThat(one.nanosToWait(SLOW)).isZero();
            assertThat(other.nanosToWait(10 * SLOW)).isGreaterThan(LONG);
            assertThat(stranger.nanosToWait(SLOW)).isZero();
        }
    }

    @Test
    void who_has_too_many_downloads_at_once_is_refused_until_one_ends() {
        DownloadLimits limits = new DownloadLimits(SLOW, 2);
        DownloadLimits.Download first = limits.begin("ann");
        try (DownloadLimits.Download second = limits.begin("ann")) {
            assertRefused(() -> limits.begin("ann"));
            limits.begin("ben").close();
            first.close();
            first.close();
            limits.begin("ann").close();
            assertThat(second.nanosToWait(0)).isZero();
        }
    }

    @Test
    void a_chunk_waits_and_one_that_would_wait_for_long_is_refused() {
        DownloadLimits limits = new DownloadLimits(SLOW, 1);

        assertThat(limits.take("ann", SLOW)).isZero();
        assertThat(limits.take("ann", SLOW)).isPositive();
        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("ann", SLOW)).isPositive();
        }
        assertRefused(() -> {
            for (int i = 0; i < 100; i++) {
                limits.take("ann", SLOW);
            }
        });
        assertThat(limits.take("ben", SLOW)).isZero();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED));
    }
}
