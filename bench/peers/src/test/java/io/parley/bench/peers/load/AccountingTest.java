package io.parley.bench.peers.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bench.peers.report.Tally;
import org.junit.jupiter.api.Test;

class AccountingTest {
    private static final int RATE = 1_000_000;

    @Test
    void what_came_once_and_in_order_is_clean() {
        Accounting accounting = new Accounting("a-", Route.pairs(4), 4, RATE);
        for (int k = 0; k < 4; k++) {
            accounting.sent(k);
            accounting.acknowledged("a-" + k);
        }
        // Account 0 writes to 1, 2 to 3, then 1 to 0 and 3 to 2.
        accounting.received(1, "a-0");
        accounting.received(3, "a-1");
        accounting.received(0, "a-2");
        assertThat(accounting.isComplete()).isFalse();
        accounting.received(2, "a-3");

        assertThat(accounting.isComplete()).isTrue();
        assertThat(accounting.tally()).isEqualTo(new Tally(4, 4, 0, 0, 0));
        assertThat(accounting.deliveryMicros().getTotalCount()).isEqualTo(4);
    }

    @Test
    void a_missing_delivery_counts_only_if_the_message_was_acknowledged() {
        Accounting accounting = new Accounting("a-", Route.oneWay(1), 3, RATE);
        accounting.sent(2);
        accounting.acknowledged("a-0");
        accounting.acknowledged("a-1");
        accounting.received(1, "a-0");

        assertThat(accounting.tally()).isEqualTo(new Tally(3, 2, 1, 0, 0));
        assertThat(accounting.outstanding()).isEqualTo(2);
        assertThat(accounting.unacknowledged()).isEqualTo(1);
    }

    @Test
    void a_delivery_that_comes_again_is_doubled_and_not_out_of_order() {
        Accounting accounting = new Accounting("a-", Route.oneWay(1), 2, RATE);
        accounting.sent(1);
        accounting.received(1, "a-0");
        accounting.received(1, "a-1");
        accounting.received(1, "a-0");

        assertThat(accounting.tally()).isEqualTo(new Tally(2, 0, 0, 1, 0));
        assertThat(accounting.deliveries()).isEqualTo(2);
    }

    @Test
    void a_message_after_a_later_one_of_the_same_sender_is_out_of_order() {
        Accounting accounting = new Accounting("a-", Route.group(3), 4, RATE);
        accounting.sent(3);
        // Accounts 0, 1, 2, 0 are the senders.
        accounting.received(1, "a-3");
        accounting.received(1, "a-2");
        accounting.received(1, "a-0");

        assertThat(accounting.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void the_senders_own_copy_and_messages_of_other_loads_do_not_count() {
        Accounting accounting = new Accounting("a-", Route.group(3), 2, RATE);
        accounting.sent(1);
        accounting.acknowledged("a-0");
        accounting.acknowledged("b-1");
        accounting.received(0, "a-0");
        accounting.received(1, "b-0");
        accounting.received(1, "a-7");
        accounting.received(9, "a-0");

        assertThat(accounting.deliveries()).isZero();
        assertThat(accounting.outstanding()).isEqualTo(4);
        // Two members lack message 0, the only acknowledged one.
        assertThat(accounting.tally()).isEqualTo(new Tally(2, 1, 2, 0, 0));
    }
}
