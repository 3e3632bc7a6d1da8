package io.parley.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LifecycleTest {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void parts_stop_in_reverse_order_even_when_one_fails() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(10));
        lifecycle.onStop("first", () -> closed.add("first"));
        lifecycle.onStop("second", () -> {
            closed.add("second");
            throw new IllegalStateException("on purpose");
        });
        lifecycle.onStop("third", () -> closed.add("third"));

        lifecycle.stop();

        assertThat(closed).containsExactly("third", "second", "first");
    }

    @Test
    void a_second_stop_does_nothing() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(10));
        lifecycle.onStop("part", () -> closed.add("part"));

        lifecycle.stop();
        lifecycle.stop();

        assertThat(closed).containsExactly("part");
    }

    @Test
    void a_part_that_hangs_does_not_keep_the_others_from_stopping() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofMillis(200));
        CountDownLatch never = new CountDownLatch(1);
        lifecycle.onStop("good", () -> closed.add("good"));
        lifecycle.onStop("hanging", never::await);

        lifecycle.stop();

        org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(closed).containsExactly("good"));
    }
}
