package io.parley.gateway.delivering;

import static io.parley.gateway.delivering.DeliveryBench.addressed;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Delivery;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The engine delivers to a node only what a connection there wants. */
final class RoutesTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private final DeliveryBench bench = new DeliveryBench();
    private final DeviceSession session = bench.connect(new RecordedLink("ann/phone", 3));

    @Test
    void a_connection_that_ends_before_its_shard_hears_the_answer_leaves_no_route() {
        var unused = bench.node.deliver(List.of(addressed(
                CONVERSATION.value(), Delivery.newBuilder().setAttached(DeliveryBench.positive(session, 0, 0)))));
        session.disconnected(OptionalLong.empty());

        bench.shard.run();

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
        bench.attach(session, CONVERSATION, 1, 0, 0);
        session.disconnected(OptionalLong.empty());

        assertThat(bench.detached()).containsExactly(1L, 1L);
    }
}
