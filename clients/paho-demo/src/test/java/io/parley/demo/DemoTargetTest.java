package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which node a client begins at. */
class DemoTargetTest {
    private static final URI A = URI.create("tcp://127.0.0.1:1883");
    private static final URI B = URI.create("tcp://127.0.0.1:1884");
    private static final URI C = URI.create("tcp://127.0.0.1:1885");
    private static final URI HTTP = URI.create("http://127.0.0.1:8080");
    private static final URI OTHER = URI.create("http://127.0.0.1:8081");

    private final DemoTarget target = new DemoTarget(List.of(A, B, C), List.of(HTTP, OTHER), user -> "token");

    @Test
    void clients_with_consecutive_numbers_begin_at_different_nodes() {
        assertThat(target.mqtt()).isEqualTo(A);
        assertThat(target.turned(1).mqttNodes()).containsExactly(B, C, A);
        assertThat(target.turned(5).mqtt()).isEqualTo(C);
        assertThat(target.turned(5).http()).isEqualTo(OTHER);
    }

    @Test
    void who_goes_to_the_next_node_comes_to_all_of_them() {
        assertThat(List.of(
                        target.turned(1).mqtt(),
                        target.turned(2).mqtt(),
                        target.turned(3).mqtt()))
                .containsExactly(B, C, A);
        assertThat(new DemoTarget(A, HTTP, user -> "token").turned(7).mqtt()).isEqualTo(A);
    }

    @Test
    void a_platform_without_nodes_is_none() {
        assertThatThrownBy(() -> new DemoTarget(List.of(), List.of(HTTP), user -> "token"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
