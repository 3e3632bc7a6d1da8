package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconnectionTest {
    private final List<Long> triesAtSeconds = new ArrayList<>();
    /** The clock of the JVM may turn over. */
    private long nowNanos = Long.MAX_VALUE - 5;

    private final Reconnection reconnection = new Reconnection(this::attempt, () -> nowNanos, () -> 1);
    private long seconds;
    private boolean reachable;
    private boolean losesIt;

    private void attempt() throws DeviceException {
        triesAtSeconds.add(seconds);
        if (losesIt) {
            reconnection.lost("at once");
        }
        if (!reachable) {
            throw new DeviceException("nobody listens");
        }
    }

    @Test
    void nothing_is_tried_while_it_is_online() {
        pass(100);
        assertThat(triesAtSeconds).isEmpty();
        assertThat(reconnection.describe()).isEmpty();
    }

    @Test
    void the_tries_become_rarer_up_to_half_a_minute() {
        reconnection.lost("cut");
        pass(130);
        assertThat(triesAtSeconds).containsExactly(1L, 3L, 7L, 15L, 31L, 61L, 91L, 121L);
    }

    @Test
    void the_reason_and_the_next_try_are_told() {
        reconnection.lost("cut");
        assertThat(reconnection.describe()).isEqualTo("offline (cut), next try in 1 s");
        pass(1);
        assertThat(reconnection.describe()).isEqualTo("offline (nobody listens), next try in 2 s");
    }

    @Test
    void once_connected_it_begins_anew() {
        reconnection.lost("cut");
        pass(7);
        reachable = true;
        pass(8);
        assertThat(reconnection.isOnline()).isTrue();
        assertThat(reconnection.describe()).isEmpty();

        reconnection.lost("cut again");
        pass(1);
        assertThat(triesAtSeconds).containsExactly(1L, 3L, 7L, 15L, 16L);
        assertThat(reconnection.isOnline()).isTrue();
    }

    @Test
    void a_connection_that_is_lost_during_the_try_is_tried_again() {
        reconnection.lost("cut");
        reachable = true;
        losesIt = true;
        pass(1);
        assertThat(reconnection.isOnline()).isFalse();
        losesIt = false;
        pass(1);
        assertThat(reconnection.isOnline()).isTrue();
    }

    @Test
    void whose_place_was_taken_does_not_come_back() {
        reconnection.replaced();
        reconnection.lost("closed");
        pass(100);
        assertThat(triesAtSeconds).isEmpty();
        assertThat(reconnection.isOnline()).isFalse();
        assertThat(reconnection.describe()).contains("connected elsewhere");
    }

    private void pass(int howManySeconds) {
        for (int i = 0; i < howManySeconds; i++) {
            seconds++;
            nowNanos += Duration.ofSeconds(1).toNanos();
            reconnection.tick();
        }
    }
}
