package io.parley.gateway.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.membership.LeaseBench.Candidate;
import io.parley.protocol.log.Node;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who gets a slot, and when a process has one no more. */
final class SlotLeaseTest {
    private static final long LEASE_MILLIS = 20_000;

    private final LeaseBench bench = new LeaseBench();

    @Test
    void of_two_processes_that_wish_one_slot_each_gets_another_one() {
        Candidate first = bench.start("first", 8, 1);
        Candidate second = bench.start("second", 8, 1);
        bench.pass(5_000);

        assertThat(first.node().getSlot()).isEqualTo(1);
        assertThat(second.node().getSlot()).isZero();
        assertThat(first.acts()).isTrue();
        assertThat(second.acts()).isTrue();
        assertThat(second.node().getEpoch()).isGreaterThan(first.node().getEpoch());
    }

    @Test
    void a_process_for_which_there_is_none_waits_until_a_slot_is_released() {
        Candidate first = bench.start("first", 1, 0);
        bench.pass(5_000);
        Candidate second = bench.start("second", 1, 0);
        bench.pass(60_000);
        assertThat(second.lease.node()).isEmpty();
        assertThat(second.lease.heldSlots()).isEqualTo(1);
        assertThat(first.acts()).isTrue();

        first.lease.release();
        bench.pass(5_000);

        assertThat(first.acts()).isFalse();
        assertThat(second.acts()).isTrue();
    }

    @Test
    void a_process_that_stood_still_acts_no_more_whether_or_not_its_slot_is_taken() {
        for (boolean wanted : new boolean[] {true, false}) {
            LeaseBench other = new LeaseBench();
            Candidate zombie = other.start("zombie", 1, 0);
            other.pass(5_000);
            zombie.stopped = true;
            Candidate heir = wanted ? other.start("heir", 1, 0) : zombie;
            other.pass(LEASE_MILLIS);
            assertThat(heir.acts()).isEqualTo(wanted);

            zombie.stopped = false;
            assertThat(zombie.acts()).as("before it has read anything").isFalse();
            other.pass(LEASE_MILLIS);

            assertThat(zombie.acts()).isFalse();
            assertThat(zombie.lease.lost())
                    .hasValueSatisfying(why -> assertThat(why).contains("stood still"));
            assertThat(heir.acts()).isEqualTo(wanted);
        }
    }

    @Test
    void a_process_that_cannot_say_that_it_stood_still_reads_that_its_lease_is_over() {
        Candidate zombie = bench.start("zombie", 1, 0);
        bench.pass(5_000);
        zombie.cutOff = true;
        Candidate heir = bench.start("heir", 1, 0);
        bench.pass(LEASE_MILLIS);
        assertThat(heir.acts()).isTrue();
        assertThat(zombie.acts()).as("the machine's clock stood still with it").isTrue();

        zombie.cutOff = false;
        zombie.turn();

        assertThat(zombie.acts()).isFalse();
        assertThat(heir.node().getEpoch()).isGreaterThan(zombie.node().getEpoch());
        bench.pass(LEASE_MILLIS);
        assertThat(heir.acts()).isTrue();
    }

    @Test
    void leases_of_dead_processes_end_even_if_nobody_wants_their_slots() {
        Candidate dead = bench.start("dead", 8, 5);
        Candidate alive = bench.start("alive", 8, 2);
        bench.pass(5_000);
        Node life = dead.node();
        dead.stopped = true;
        bench.pass(5_000);
        assertThat(bench.table().isOver(life.getSlot(), life.getEpoch())).isFalse();
        bench.pass(LEASE_MILLIS);

        assertThat(bench.table().isOver(life.getSlot(), life.getEpoch())).isTrue();
        assertThat(alive.acts()).isTrue();
    }

    @Test
    void an_outage_of_the_log_costs_nobody_the_slot() {
        Candidate first = bench.start("first", 2, 0);
        Candidate second = bench.start("second", 2, 1);
        bench.pass(5_000);
        Candidate third = bench.start("third", 2, 0);
        bench.pass(5_000);
        bench.processes.forEach(process -> process.cutOff = true);
        bench.pass(TimeUnit.MINUTES.toMillis(3));
        bench.processes.forEach(process -> process.cutOff = false);
        // The one that waits comes first.
        third.turn();
        bench.pass(LEASE_MILLIS);

        assertThat(first.acts()).isTrue();
        assertThat(second.acts()).isTrue();
        assertThat(third.lease.node()).isEmpty();
    }

    @Test
    void a_process_that_reaches_other_topics_alone_gives_up() {
        Candidate process = bench.start("alone", 2, 0);
        bench.pass(5_000);
        process.cutOff = true;
        bench.pass(60_000);
        assertThat(process.acts()).as("Kafka is out").isTrue();

        process.answersElsewhere = true;
        bench.pass(5_000);
        assertThat(process.acts()).as("it comes back").isTrue();
        bench.pass(30_000);

        assertThat(process.acts()).isFalse();
    }

    @Test
    void a_clock_of_the_log_that_is_set_by_an_hour_costs_nobody_the_slot() {
        Candidate first = bench.start("first", 1, 0);
        bench.pass(5_000);
        for (int hours : new int[] {1, -2}) {
            bench.logMillis += TimeUnit.HOURS.toMillis(hours);
            bench.pass(LEASE_MILLIS);
        }

        assertThat(bench.table().lease(0)).isPresent();
        assertThat(first.acts()).isTrue();
    }

    @Test
    void a_try_of_which_nothing_was_known_is_released_when_it_counts_after_all() {
        Candidate process = bench.start("late", 2, 0);
        process.cutOff = true;
        bench.pass(1_000);
        process.cutOff = false;
        bench.pass(5_000);

        assertThat(process.acts()).isTrue();
        assertThat(bench.table().leases()).hasSize(1);
    }
}
