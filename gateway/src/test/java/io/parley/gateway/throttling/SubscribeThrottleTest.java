package io.parley.gateway.throttling;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Filter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Subscription;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What asks for more costs more. */
final class SubscribeThrottleTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final SubscribeThrottle.Prices PRICES = new SubscribeThrottle.Prices(1, 4, 10);

    @Test
    void a_filter_that_names_a_conversation_costs_more_and_one_that_brings_a_snapshot_more_than_that() {
        assertThat(PRICES.of(filter("user/ann/reply"))).isEqualTo(1);
        assertThat(PRICES.of(filter("chat/g0123456789ab/msg"))).isEqualTo(5);
        assertThat(PRICES.of(filter("chat/g0123456789ab/typing"))).isEqualTo(5);
        assertThat(PRICES.of(filter("chat/+/msg"))).isEqualTo(5);
        assertThat(PRICES.of(filter("chat/g0123456789ab/receipt"))).isEqualTo(15);
        assertThat(PRICES.of(filter("chat/@ben/presence"))).isEqualTo(15);
        assertThat(PRICES.of(filter("chat/g0123456789ab/#"))).isEqualTo(15);
    }

    @Test
    void a_user_without_tokens_waits_and_another_does_not() {
        SubscribeThrottle throttle = throttle(20);
        assertThat(throttle.subscribe(ANN, snapshots(1), 0)).isEqualTo(Throttle.NOW);

        assertThat(throttle.subscribe(ANN, snapshots(1), 0)).isPositive();
        assertThat(throttle.unsubscribe(ANN, 5)).isEqualTo(Throttle.NOW);
        assertThat(throttle.unsubscribe(ANN, 1)).isPositive();
        assertThat(throttle.subscribe(BEN, snapshots(1), 0)).isEqualTo(Throttle.NOW);
    }

    @Test
    void what_costs_more_than_a_full_bucket_takes_all_of_it() {
        SubscribeThrottle throttle = throttle(20);

        assertThat(throttle.subscribe(ANN, snapshots(1000), 0)).isEqualTo(Throttle.NOW);

        assertThat(throttle.unsubscribe(ANN, 1)).isPositive();
    }

    @Test
    void what_costs_more_than_may_be_spent_at_once_passes_and_the_next_waits_that_much_longer() {
        // A token a minute.
        SubscribeThrottle throttle = new SubscribeThrottle(
                PRICES, new Rate(1_000, Duration.ofDays(1)), new Rate(10, Duration.ofMinutes(10)));

        assertThat(throttle.subscribe(ANN, snapshots(1), 0)).isEqualTo(Throttle.NOW);

        Duration debt = Duration.ofMillis(throttle.unsubscribe(ANN, 1));
        assertThat(debt).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6).plusSeconds(1));
        assertThat(throttle.subscribe(BEN, snapshots(1), 0)).isEqualTo(Throttle.NOW);
    }

    /** The bucket fills again within a day: nothing comes back during the test. */
    private static SubscribeThrottle throttle(long tokens) {
        return new SubscribeThrottle(
                PRICES, new Rate(tokens, Duration.ofDays(1)), new Rate(1_000_000, Duration.ofDays(1)));
    }

    private static List<Filter> snapshots(int count) {
        return Collections.nCopies(count, filter("chat/g0123456789ab/receipt"));
    }

    private static Filter filter(String text) {
        return Filter.of(Subscription.newBuilder().setFilter(text).build(), ANN);
    }
}
