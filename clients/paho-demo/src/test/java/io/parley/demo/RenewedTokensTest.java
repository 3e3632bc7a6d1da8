package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RenewedTokensTest {
    private int signed;
    private long nowNanos;

    @Test
    void a_token_is_used_for_three_quarters_of_its_life() {
        RenewedTokens tokens = new RenewedTokens(user -> user + "-" + ++signed, Duration.ofSeconds(60), () -> nowNanos);
        UserId alice = UserId.parse("alice");
        assertThat(tokens.apply(alice)).isEqualTo("alice-1");
        nowNanos = TimeUnit.SECONDS.toNanos(44);
        assertThat(tokens.apply(alice)).isEqualTo("alice-1");
        assertThat(tokens.apply(UserId.parse("bob"))).isEqualTo("bob-2");
        nowNanos = TimeUnit.SECONDS.toNanos(45);
        assertThat(tokens.apply(alice)).isEqualTo("alice-3");
    }
}
