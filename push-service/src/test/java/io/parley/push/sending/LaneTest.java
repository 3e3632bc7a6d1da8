package io.parley.push.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.push.PushPlatform;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LaneTest {
    private static final PushOutcome ACCEPTED = new PushOutcome.Accepted();
    private static final PushOutcome DOWN = new PushOutcome.Later(Duration.ZERO, "Down", Trouble.PROVIDER);

    private final PlayedClock clock = new PlayedClock();
    private final PlayedProvider provider = new PlayedProvider();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> ends = new ArrayList<>();
    private Lane lane = lane(100, 10);

    @Test
    void an_accepted_delivery_is_settled_and_counted_with_its_latency() {
        offer(TestDeliveries.of("t", "a", 1));
        provider.answer(1, ACCEPTED);
        lane.turn();

        assertThat(ends).containsExactly("1 Settled[]");
        assertThat(count("accepted")).isEqualTo(1);
        assertThat(registry.get("parley.push.latency").timer().count()).isEqualTo(1);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void a_newer_one_waits_for_the_older_to_end() {
        offer(TestDeliveries.of("t", "a", 1));
        offer(TestDeliveries.of("t", "a", 2));
        assertThat(provider.sent()).containsExactly(1);

        provider.answer(1, ACCEPTED);
        lane.turn();

        assertThat(provider.sent()).containsExactly(1, 2);
    }

    @Test
    void what_waits_is_replaced_by_what_is_newer_and_counted() {
        offer(TestDeliveries.of("t", "a", 1));
        offer(TestDeliveries.of("t", "a", 2));
        offer(TestDeliveries.of("t", "a", 3));
        provider.answer(1, ACCEPTED);
        lane.turn();

        assertThat(provider.sent()).containsExactly(1, 3);
        assertThat(ends).containsExactly("2 Settled[]", "1 Settled[]");
        assertThat(count("replaced")).isEqualTo(1);
    }

    @Test
    void a_later_answer_is_tried_again_after_the_wait_that_was_asked_for() {
        offer(TestDeliveries.of("t", "a", 1));
        provider.answer(1, new PushOutcome.Later(Duration.ofSeconds(30), "TooMany", Trouble.TOKEN));
        lane.turn();
        pass(Duration.ofSeconds(29));
        assertThat(provider.sent()).containsExactly(1);

        pass(Duration.ofSeconds(2));

        assertThat(provider.sent()).containsExactly(1, 1);
        assertThat(ends).isEmpty();
        assertThat(registry.get("parley.push.retries")
                        .tag("reason", "TooMany")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_token_is_gone_since_the_provider_says_or_since_the_attempt_began() {
        clock.set(5000);
        offer(TestDeliveries.of("t", "a", 1));
        offer(TestDeliveries.of("u", "a", 2));
        clock.set(6000);
        provider.answer(1, new PushOutcome.TokenGone(4000, "Unregistered"));
        provider.answer(2, new PushOutcome.TokenGone(0, "Unregistered"));
        lane.turn();

        assertThat(ends).containsExactly("1 TokenGone[asOfMillis=4000]", "2 TokenGone[asOfMillis=5000]");
    }

    @Test
    void what_is_refused_has_failed_with_the_providers_reason() {
        offer(TestDeliveries.of("t", "a", 1));
        provider.answer(1, new PushOutcome.Refused("PayloadTooLarge"));
        lane.turn();

        assertThat(ends).containsExactly("1 Failed[reason=PayloadTooLarge]");
        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void a_provider_that_throws_has_refused_and_one_whose_stage_fails_is_asked_again() {
        provider.breakAt(1);
        offer(TestDeliveries.of("t", "a", 1));
        offer(TestDeliveries.of("t", "b", 2));
        provider.fail(2, new IllegalStateException("broken"));
        lane.turn();
        pass(Duration.ofSeconds(5));

        assertThat(ends).containsExactly("1 Failed[reason=IllegalArgumentException]");
        assertThat(provider.sent()).containsExactly(2, 2);
    }

    @Test
    void what_has_expired_is_counted_and_not_sent() {
        clock.set(10_000);
        offer(TestDeliveries.until("t", "a", 1, 10_000));
        offer(TestDeliveries.until("t", "b", 2, 10_001));

        assertThat(provider.sent()).containsExactly(2);
        assertThat(ends).containsExactly("1 Settled[]");
        assertThat(count("expired")).isEqualTo(1);
    }

    @Test
    void an_attempt_without_an_answer_is_cancelled_and_repeated_and_its_late_answer_counts_for_nothing() {
        offer(TestDeliveries.of("t", "a", 1));
        pass(Duration.ofSeconds(11));
        assertThat(provider.isCancelled(1)).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(provider.sent()).containsExactly(1, 1);

        provider.answer(1, ACCEPTED);
        lane.turn();

        assertThat(ends).containsExactly("1 Settled[]");
        assertThat(count("accepted")).isEqualTo(1);
    }

    @Test
    void what_was_tried_for_too_long_has_failed() {
        offer(TestDeliveries.of("t", "a", 1));
        for (int minute = 0; minute < 70; minute++) {
            provider.answerAll(new PushOutcome.Later(Duration.ZERO, "TooMany", Trouble.TOKEN));
            pass(Duration.ofMinutes(1));
        }

        assertThat(ends).hasSize(1).first().asString().startsWith("1 Failed[reason=given up after ");
        assertThat(count("gave_up")).isEqualTo(1);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void no_more_are_under_way_than_may_be_and_the_lane_is_full_with_what_it_may_hold() {
        lane = lane(6, 2);
        for (int seq = 1; seq <= 6; seq++) {
            assertThat(lane.isFull()).isFalse();
            offer(TestDeliveries.of("t", "conversation " + seq, seq));
        }
        assertThat(provider.sent()).containsExactly(1, 2);
        assertThat(lane.isFull()).isTrue();

        provider.answerAll(ACCEPTED);
        lane.turn();

        assertThat(provider.sent()).containsExactly(1, 2, 3, 4);
        assertThat(lane.hasRoom()).isFalse();
        provider.answerAll(ACCEPTED);
        lane.turn();
        assertThat(lane.hasRoom()).isTrue();
    }

    @Test
    void the_circuit_opens_when_the_provider_is_down_and_closes_after_trials() {
        lane = lane(1000, 500);
        for (int seq = 1; seq <= 20; seq++) {
            lane.offer(TestDeliveries.of("t", "conversation " + seq, seq));
        }
        lane.turn();
        provider.answerAll(DOWN);
        lane.turn();
        assertThat(circuit()).isEqualTo(2);
        offer(TestDeliveries.of("t", "another", 99));
        assertThat(provider.sent()).hasSize(20).doesNotContain(99);

        pass(Duration.ofMillis(1100));
        assertThat(circuit()).isEqualTo(1);
        assertThat(provider.sent()).hasSize(23);
        provider.answerAll(ACCEPTED);
        lane.turn();

        assertThat(circuit()).isZero();
        pass(Duration.ofSeconds(5));
        provider.answerAll(ACCEPTED);
        lane.turn();
        assertThat(ends).hasSize(21);
    }

    @Test
    void an_open_circuit_holds_up_no_other_and_what_expires_meanwhile_goes() {
        lane = lane(100, 50);
        for (int seq = 1; seq <= 20; seq++) {
            offer(TestDeliveries.of("broken/" + seq, "a", seq));
        }
        provider.answerAll(DOWN);
        lane.turn();
        assertThat(circuit("broken")).isEqualTo(2);

        offer(TestDeliveries.until("broken/late", "b", 30, 500));
        offer(TestDeliveries.of("t", "b", 31));
        assertThat(provider.sent()).contains(31).doesNotContain(30);

        clock.set(600);
        lane.turn();
        assertThat(ends).containsExactly("30 Settled[]");
    }

    @Test
    void what_only_the_token_is_told_opens_no_circuit() {
        for (int seq = 1; seq <= 50; seq++) {
            offer(TestDeliveries.of("t", "conversation " + seq, seq));
            provider.answerAll(new PushOutcome.Later(Duration.ofHours(1), "TooMany", Trouble.TOKEN));
            lane.turn();
        }

        assertThat(circuit()).isZero();
        assertThat(provider.sent()).hasSize(50);
    }

    @Test
    void what_is_forgotten_is_not_sent_and_ends_without_a_word() {
        lane = lane(100, 1);
        offer(TestDeliveries.of("t", "a", 1));
        offer(TestDeliveries.of("t", "b", 2));
        lane.forget(Set.of(0));
        provider.answerAll(ACCEPTED);
        lane.turn();

        assertThat(provider.sent()).containsExactly(1);
        assertThat(ends).containsExactly("1 Settled[]");
        assertThat(lane.isIdle()).isTrue();
    }

    private Lane lane(int waiting, int atOnce) {
        SendSettings settings = new SendSettings(
                waiting,
                atOnce,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofHours(1),
                new SendSettings.Breaker(20, 50, Duration.ofSeconds(1), Duration.ofMinutes(1), 3));
        return new Lane(
                provider,
                settings,
                clock,
                new Random(1),
                new LaneMetrics(registry, PushPlatform.APNS),
                (delivery, ending) -> ends.add(delivery.notification().getSeq() + " " + ending));
    }

    private void offer(Delivery delivery) {
        lane.offer(delivery);
        lane.turn();
    }

    private void pass(Duration time) {
        clock.set(clock.millis() + time.toMillis());
        lane.turn();
    }

    private int circuit() {
        return circuit("all");
    }

    private int circuit(String name) {
        return (int)
                registry.get("parley.push.circuit").tag("circuit", name).gauge().value();
    }

    private double count(String outcome) {
        return registry.get("parley.push.deliveries").tag("outcome", outcome).counters().stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum();
    }
}
