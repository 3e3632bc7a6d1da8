package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.client.Disconnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionLineTest {
    /** The clock of the JVM may turn over. */
    private long nowNanos = Long.MAX_VALUE - 5;

    private final ConnectionLine line = new ConnectionLine(() -> nowNanos);

    @Test
    void the_reason_and_the_next_try_are_told_until_it_is_connected() {
        assertThat(line.describe()).isEmpty();
        line.disconnected(new Disconnection(Disconnection.Kind.LOST, "cut", 2_000));
        assertThat(line.describe()).isEqualTo("offline (cut), next try in 2 s");
        nowNanos += Duration.ofMillis(1_500).toNanos();
        assertThat(line.describe()).isEqualTo("offline (cut), next try in 1 s");
        line.connected();
        assertThat(line.describe()).isEmpty();
    }

    @Test
    void whose_place_was_taken_is_told_what_to_do() {
        line.disconnected(new Disconnection(Disconnection.Kind.REPLACED, "taken over", 0));
        assertThat(line.describe()).contains("connected elsewhere");
    }
}
