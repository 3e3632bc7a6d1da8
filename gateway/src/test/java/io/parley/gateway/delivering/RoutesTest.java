package io.parley.gateway.delivering;

import static io.parley.gateway.delivering.DeliveryBench.addressed;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The engine delivers to a node only what a connection there wants. */
final class RoutesTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private static final long IDLE_MILLIS = TimeUnit.NANOSECONDS.toMillis(Routes.IDLE_NANOS);
    /** Some rounds. */
    private static final long TICKS_MILLIS = 3 * DeliveryBench.TICK_MILLIS;

    private final DeliveryBench bench = new DeliveryBench();
    private final DeviceSession session = bench.connect(new RecordedLink("ann/phone", 3));
    /** With which who may write is answered; 0: without a route. */
    private long ordinal = 1;

    @Test
    void a_connection_that_ends_before_its_shard_hears_the_answer_leaves_no_route() {
        var unused = bench.node.deliver(List.of(addressed(
                CONVERSATION.value(), Delivery.newBuilder().setAttached(DeliveryBench.positive(session, 0, 0)))));
        session.disconnected(OptionalLong.empty());

        bench.shard.run();

        bench.shard.pass(IDLE_MILLIS);
        assertThat(bench.detached()).as("somebody may want it again").isEmpty();
        bench.shard.pass(TICKS_MILLIS);
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_detach_that_is_lost_is_sent_again_with_its_number_when_something_comes() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.logIsOut = true;
        session.disconnected(OptionalLong.empty());
        bench.live(CONVERSATION, 1, 1);
        bench.logIsOut = false;

        bench.live(CONVERSATION, 2, 5);

        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_route_of_an_earlier_life_is_closed_once() {
        bench.live(CONVERSATION, 1, 5);

        assertThat(bench.detached()).containsExactly(0L);
    }

    @Test
    void a_route_that_is_wanted_again_is_closed_again() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.unsubscribe(session, "chat/" + CONVERSATION + "/msg");
        bench.shard.pass(IDLE_MILLIS + TICKS_MILLIS);
        assertThat(bench.detached()).containsExactly(1L);
        bench.attach(session, CONVERSATION, 1, 0, 0);
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(IDLE_MILLIS + TICKS_MILLIS);

        assertThat(bench.detached()).containsExactly(1L, 1L);
    }

    @Test
    void a_route_that_is_wanted_again_within_ten_minutes_stays_and_its_first_unwanted_event_ends_it() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.unsubscribe(session, "chat/" + CONVERSATION + "/msg");
        bench.shard.pass(IDLE_MILLIS - TICKS_MILLIS);
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.shard.pass(2 * TICKS_MILLIS);
        bench.live(CONVERSATION, 1, 1);
        assertThat(bench.detached()).isEmpty();

        session.disconnected(OptionalLong.empty());
        assertThat(bench.detached()).isEmpty();
        bench.live(CONVERSATION, 2, 3);

        assertThat(bench.detached()).as("once").containsExactly(1L);
    }

    @Test
    void a_right_to_write_that_is_not_used_for_long_ends_with_its_route_and_so_does_that_of_a_connection_that_ends() {
        writes();
        writes();
        assertThat(attaches()).as("asked once").isEqualTo(1);
        bench.shard.pass(2 * IDLE_MILLIS + 64 * TICKS_MILLIS);
        assertThat(bench.detached()).containsExactly(1L);

        writes();
        assertThat(attaches()).as("asked again").isEqualTo(2);
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(IDLE_MILLIS + TICKS_MILLIS);
        assertThat(bench.detached()).containsExactly(1L, 1L);
    }

    @Test
    void an_admission_gives_no_route_and_is_asked_for_again() {
        ordinal = 0;
        writes();
        writes();
        assertThat(attaches()).isEqualTo(2);
        bench.shard.pass(2 * IDLE_MILLIS);
        assertThat(bench.detached()).isEmpty();
    }

    private void writes() {
        List<Permission> told = new ArrayList<>();
        session.subscriptions().mayPublish(CONVERSATION, Feed.MSG, right -> told.add(right.permission()));
        bench.shard.run();
        if (told.isEmpty()) {
            bench.answer(
                    CONVERSATION,
                    DeliveryBench.positive(session, 0, 0)
                            .setRightsOnly(true)
                            .setToWrite(true)
                            .setOrdinal(ordinal));
        }
        assertThat(told).containsExactly(Permission.GRANTED);
    }

    private long attaches() {
        return bench.commands.stream()
                .filter(command -> command.getAttach().getToWrite())
                .count();
    }
}
