package io.parley.push.sending;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SendQueueTest {
    private final SendQueue queue = new SendQueue();

    @Test
    void deliveries_go_in_the_order_in_which_they_came() {
        Delivery first = TestDeliveries.of("t", "a", 1);
        Delivery second = TestDeliveries.of("t", "b", 2);
        queue.add(first);
        queue.add(second);

        assertThat(taken(0)).isSameAs(first);
        assertThat(taken(0)).isSameAs(second);
        assertThat(queue.peek(0)).isNull();
    }

    @Test
    void a_newer_one_takes_the_place_of_the_one_that_waits() {
        Delivery older = TestDeliveries.of("t", "a", 1);
        Delivery other = TestDeliveries.of("t", "b", 2);
        Delivery newer = TestDeliveries.of("t", "a", 3);
        assertThat(queue.add(older)).isNull();
        queue.add(other);

        assertThat(queue.add(newer)).isSameAs(older);
        assertThat(taken(0)).isSameAs(newer);
        assertThat(taken(0)).isSameAs(other);
    }

    @Test
    void of_one_key_nothing_goes_while_another_is_under_way() {
        Delivery first = TestDeliveries.of("t", "a", 1);
        Delivery second = TestDeliveries.of("t", "a", 2);
        queue.add(first);
        taken(0);
        queue.add(second);
        assertThat(queue.peek(0)).isNull();

        queue.ended(first);

        assertThat(taken(0)).isSameAs(second);
    }

    @Test
    void the_same_conversation_on_another_token_is_another_key() {
        queue.add(TestDeliveries.of("t", "a", 1));

        assertThat(queue.add(TestDeliveries.of("u", "a", 1))).isNull();
    }

    @Test
    void what_rests_wakes_up_at_its_time() {
        Delivery delivery = TestDeliveries.of("t", "a", 1);
        queue.add(delivery);
        taken(0);

        assertThat(queue.rest(delivery, 100)).isTrue();

        assertThat(queue.peek(99)).isNull();
        assertThat(taken(100)).isSameAs(delivery);
    }

    @Test
    void a_newer_one_goes_instead_of_what_has_to_rest_and_not_earlier() {
        Delivery older = TestDeliveries.of("t", "a", 1);
        Delivery newer = TestDeliveries.of("t", "a", 2);
        queue.add(older);
        taken(0);
        queue.add(newer);

        assertThat(queue.rest(older, 100)).isFalse();

        assertThat(queue.peek(99)).isNull();
        assertThat(taken(100)).isSameAs(newer);
    }

    @Test
    void what_is_removed_does_not_come_any_more_and_what_is_under_way_ends_as_usual() {
        Delivery underWay = TestDeliveries.of("t", "a", 1);
        Delivery behind = TestDeliveries.of("t", "a", 2);
        Delivery kept = TestDeliveries.of("t", "b", 3);
        Delivery resting = TestDeliveries.of("t", "c", 4);
        queue.add(resting);
        taken(0);
        queue.rest(resting, 50);
        queue.add(underWay);
        taken(0);
        queue.add(behind);
        queue.add(kept);

        List<Delivery> removed = new ArrayList<>();
        queue.remove(delivery -> delivery != kept, removed::add);
        queue.ended(underWay);

        assertThat(removed).containsExactlyInAnyOrder(behind, resting);
        assertThat(taken(100)).isSameAs(kept);
        assertThat(queue.peek(100)).isNull();
    }

    private Delivery taken(long nowMillis) {
        Delivery next = queue.peek(nowMillis);
        assertThat(next).isNotNull();
        queue.take();
        return java.util.Objects.requireNonNull(next);
    }
}
