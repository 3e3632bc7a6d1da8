package io.parley.gateway.delivering;

import static io.parley.gateway.delivering.DeliveryBench.addressed;
import static io.parley.gateway.delivering.DeliveryBench.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Signal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What fails for one delivery or one device fails for that one only. */
final class TroublesTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_delivery_that_makes_no_sense_is_passed_over() {
        bench.attach(session, CONVERSATION, 1, 0, 0);

        bench.deliver(
                addressed("no conversation", delivery(1, List.of())),
                addressed(CONVERSATION.value(), Delivery.newBuilder().setSignal(Signal.getDefaultInstance())),
                addressed(CONVERSATION.value(), delivery(1, List.of())));

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void a_link_that_breaks_holds_up_no_other_and_no_turn() {
        RecordedLink other = new RecordedLink("ben/phone", 3);
        bench.attach(session, CONVERSATION, 1, 0, 0);
        DeviceSession healthy = bench.connect(other);
        bench.attach(healthy, CONVERSATION, 1, 0, 0);
        link.broken = true;

        bench.live(CONVERSATION, 1, 2);
        bench.acknowledge(other, 0);
        bench.shard.pass(2000);

        assertThat(other.seqs()).containsExactly(1, 2);
        assertThat(bench.reported(CONVERSATION)).containsExactly(1);
    }

    @Test
    void a_batch_is_done_when_every_shard_has_run_it() {
        ManualLoop another = new ManualLoop();
        bench.connectUnanswered(new RecordedLink("ben/phone", 3), another, false);
        CompletableFuture<Void> batch =
                bench.node.deliver(List.of(addressed(CONVERSATION.value(), delivery(1, List.of()))));
        bench.shard.run();
        assertThat(batch).isNotDone();

        another.run();

        assertThat(batch).isDone();
        bench.shard.end();
        another.end();
        assertThat(bench.node.deliver(List.of())).isDone();
    }
}
