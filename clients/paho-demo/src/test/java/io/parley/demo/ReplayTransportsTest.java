package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplayTransportsTest {
    private static List<String> drawn(ReplayTransports transports, int members) {
        return Stream.generate(() -> transports.next().deviceName())
                .limit(members)
                .toList();
    }

    @Test
    void a_seed_draws_the_same_members_again() {
        ReplayTransports transports = new ReplayTransports(0.3, 7);
        List<String> once = drawn(transports, 200);
        assertThat(drawn(new ReplayTransports(0.3, 7), 200)).isEqualTo(once);
        assertThat(once.stream().filter("replay-http"::equals).count()).isBetween(30L, 90L);
        assertThat(transports.hasHttp()).isTrue();
        assertThat(transports.describe()).contains("of 200 members", "--seed 7");
    }

    @Test
    void a_share_of_nothing_and_one_of_all_are_exact() {
        ReplayTransports none = new ReplayTransports(0, 1);
        assertThat(drawn(none, 50)).containsOnly("replay");
        assertThat(none.hasHttp()).isFalse();
        assertThat(drawn(new ReplayTransports(1, 1), 50)).containsOnly("replay-http");
    }
}
