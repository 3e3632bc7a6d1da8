package io.parley.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UnansweredTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Unanswered server = new Unanswered(nanos::get);

    @Test
    void nobody_is_silent_who_is_not_asked() {
        pass(60);

        assertThat(server.silence()).isZero();
    }

    @Test
    void silence_lasts_from_the_first_question_after_the_last_answer() {
        pass(60);
        server.asked();
        pass(2);
        server.asked();
        pass(1);
        assertThat(server.silence()).isEqualTo(Duration.ofSeconds(3));

        server.answered();
        pass(1);

        assertThat(server.silence()).as("one is open").isEqualTo(Duration.ofSeconds(1));
        server.answered();
        assertThat(server.silence()).isZero();
    }

    @Test
    void a_failure_is_no_answer() {
        server.asked();
        pass(4);
        server.failed();
        pass(4);
        assertThat(server.silence()).isEqualTo(Duration.ofSeconds(8));

        server.asked();
        pass(4);

        assertThat(server.silence()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void an_answer_after_failures_ends_the_silence() {
        server.asked();
        pass(8);
        server.failed();
        server.asked();
        server.answered();

        assertThat(server.silence()).isZero();
    }

    @Test
    void a_failure_is_forgotten_when_nothing_is_asked_after_it() {
        server.asked();
        pass(8);
        server.failed();
        pass(5);
        assertThat(server.silence()).isZero();

        server.asked();
        pass(1);

        assertThat(server.silence()).isEqualTo(Duration.ofSeconds(1));
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
