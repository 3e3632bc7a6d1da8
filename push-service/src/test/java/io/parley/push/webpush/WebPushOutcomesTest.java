package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebPushOutcomesTest {
    private static final long NOW_MILLIS = Instant.parse("2026-11-27T21:00:00Z").toEpochMilli();

    private static PushOutcome of(int status) {
        return WebPushOutcomes.of(status, Optional.empty(), NOW_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void a_success_is_accepted(int status) {
        assertThat(of(status)).isEqualTo(new Accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void a_subscription_that_ended_is_gone(int status) {
        assertThat(of(status)).isEqualTo(new TokenGone(0, Integer.toString(status)));
    }

    @ParameterizedTest
    @CsvSource({
        "400,400",
        "401,401",
        "403,403",
        "413,413",
        "405,4xx",
        "499,4xx",
        "301,Redirect",
        "307,Redirect",
        "299,UnexpectedAnswer"
    })
    void what_would_not_be_better_later_is_refused(int status, String reason) {
        assertThat(of(status)).isEqualTo(new Refused(reason));
    }

    @Test
    void an_overloaded_service_says_when_to_come_again() {
        assertThat(WebPushOutcomes.of(429, Optional.of("30"), NOW_MILLIS))
                .isEqualTo(new Later(Duration.ofSeconds(30), "429", Trouble.TOKEN));
        assertThat(WebPushOutcomes.of(503, Optional.of("Fri, 27 Nov 2026 21:02:00 GMT"), NOW_MILLIS))
                .isEqualTo(new Later(Duration.ofMinutes(2), "5xx", Trouble.TOKEN));
    }

    @Test
    void a_service_in_trouble_is_the_trouble_of_its_tokens_alone() {
        assertThat(of(500)).isEqualTo(new Later(Duration.ZERO, "5xx", Trouble.TOKEN));
        assertThat(of(599)).isEqualTo(new Later(Duration.ZERO, "5xx", Trouble.TOKEN));
    }

    @Test
    void what_happens_to_a_connection_passes() {
        assertThat(WebPushOutcomes.of(new CompletionException(new TimeoutException())))
                .isEqualTo(new Later(Duration.ZERO, "Timeout", Trouble.TOKEN));
        assertThat(WebPushOutcomes.of(new UnknownHostException()))
                .isEqualTo(new Later(Duration.ZERO, "UnknownHost", Trouble.TOKEN));
        assertThat(WebPushOutcomes.of(new ConnectException()))
                .isEqualTo(new Later(Duration.ZERO, "Unreachable", Trouble.TOKEN));
        assertThat(WebPushOutcomes.of(new SSLHandshakeException("")))
                .isEqualTo(new Later(Duration.ZERO, "Tls", Trouble.TOKEN));
    }
}
