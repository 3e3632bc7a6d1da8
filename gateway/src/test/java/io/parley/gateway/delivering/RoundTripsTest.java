package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RoundTripsTest {
    private final DeliveryBench bench = new DeliveryBench();

    @Test
    void a_trip_is_over_when_the_engine_has_answered_its_own_question() {
        CompletableFuture<Void> first = bench.node.roundTrip();
        CompletableFuture<Void> second = bench.node.roundTrip();

        answer(bench.commands.get(1));

        assertThat(second).isCompleted();
        assertThat(first).isNotDone();
        answer(bench.commands.get(0));
        assertThat(first).isCompleted();
    }

    @Test
    void a_trip_wants_nothing_delivered_and_takes_no_devices_number() {
        var unused = bench.node.roundTrip();
        DeviceSession session = bench.connect(new RecordedLink("ann/phone", 3));

        ConversationCommand question = bench.commands.get(0);

        assertThat(question.getAttach().getRightsOnly()).isTrue();
        assertThat(question.getOrigin().getNode()).isEqualTo(bench.node.node());
        assertThat(question.getOrigin().getConnection()).isNotEqualTo(session.connection());
    }

    @Test
    void a_log_that_takes_nothing_fails_the_trip() {
        bench.logIsOut = true;

        assertThat(bench.node.roundTrip()).isCompletedExceptionally();
    }

    private void answer(ConversationCommand question) {
        Attached answer = Attached.newBuilder()
                .setConnection(question.getOrigin().getConnection())
                .setRightsOnly(true)
                .build();
        var unused = bench.node.deliver(List.of(new DeliveryNode.Addressed(
                "g0000000000", Delivery.newBuilder().setAttached(answer).build())));
    }
}
