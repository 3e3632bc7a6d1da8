package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.NodeHeard;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a node does when a partition of the users has not heard it. */
final class HeartbeatsTest {
    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);
    private final Heartbeats heartbeats = new Heartbeats(bench.node, bench.shard, () -> true);

    @Test
    void an_engine_that_did_not_hear_the_node_is_told_its_connections_once() {
        bench.userCommands.clear();
        beats(5);
        assertThat(announced()).isZero();

        // Two partitions say so.
        heard();
        heard();
        beats(3);
        assertThat(announced()).isEqualTo(1);

        heard();
        beats(3);
        assertThat(announced()).isEqualTo(2);
    }

    @Test
    void connections_end_when_a_partition_took_no_heartbeat_for_minutes() {
        beats(1);
        bench.takingPartitions = List.of(0);
        beats((int) TimeUnit.MINUTES.toSeconds(3) / 2);
        bench.takingPartitions = List.of(0, 1);
        beats(3);
        assertThat(link.closed).as("deliveries are kept for so long").isNull();

        bench.takingPartitions = List.of(0);
        beats((int) TimeUnit.MINUTES.toSeconds(5) / 2);
        assertThat(link.closed).as("the other has not come back").isNull();
        bench.takingPartitions = List.of(0, 1);
        beats(3);
        assertThat(link.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);
    }

    @Test
    void after_an_outage_connections_are_announced_and_closed_in_slices() {
        for (int i = 1; i < 3 * Shard.SLICE; i++) {
            bench.connect(new RecordedLink("user-" + i + "/phone", 3));
        }
        bench.userCommands.clear();
        heard();
        heartbeats.beat();
        bench.shard.run();
        assertThat(announced()).isEqualTo(Shard.SLICE);

        bench.shard.pass(4 * Shard.SLICE_MILLIS);
        assertThat(announced()).isEqualTo(3L * Shard.SLICE);
    }

    @Test
    void a_delivery_for_a_later_life_ends_this_one_and_nothing_behind_it_is_delivered() {
        var unused = bench.node.deliver(List.of(new DeliveryNode.Addressed(
                LogTopics.ALL_USERS,
                Delivery.newBuilder()
                        .setEpoch(bench.node.node().getEpoch() + 1)
                        .setNodeHeard(NodeHeard.getDefaultInstance())
                        .build())));
        bench.shard.run();
        assertThat(bench.node.isSuperseded()).isTrue();
        assertThat(link.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);

        bench.userCommands.clear();
        heard();
        beats(3);
        assertThat(announced()).isZero();
    }

    @Test
    void the_end_of_a_connection_that_the_log_did_not_take_is_told_when_it_is_back() {
        bench.logIsOut = true;
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(TimeUnit.SECONDS.toMillis(5));
        assertThat(gone()).isZero();

        bench.logIsOut = false;
        bench.shard.pass(TimeUnit.SECONDS.toMillis(5));

        assertThat(gone()).isEqualTo(1);
    }

    private void heard() {
        bench.deliver(DeliveryBench.addressed(
                LogTopics.ALL_USERS, Delivery.newBuilder().setNodeHeard(NodeHeard.getDefaultInstance())));
    }

    private void beats(int times) {
        for (int i = 0; i < times; i++) {
            bench.shard.pass(DeliveryBench.TICK_MILLIS);
            heartbeats.beat();
            bench.shard.pass(DeliveryBench.TICK_MILLIS);
        }
    }

    private long announced() {
        return bench.userCommands.stream()
                .filter(UserCommand::hasDeviceConnected)
                .count();
    }

    private long gone() {
        return bench.userCommands.stream()
                .filter(UserCommand::hasDeviceDisconnected)
                .count();
    }
}
