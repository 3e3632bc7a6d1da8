package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However much a device has missed, little of it is in memory at once. */
final class ReplayTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private final DeliveryBench bench = new DeliveryBench();

    @Test
    void no_more_is_read_than_the_window_takes() {
        RecordedLink link = new RecordedLink("ann/phone", 3);
        DeviceSession session = bench.connect(link);
        bench.store(CONVERSATION, 1, 10);
        bench.attach(session, CONVERSATION, 1, 0, 10);

        for (int frame = 0; frame < 10; frame++) {
            bench.acknowledge(link, frame);
        }

        assertThat(link.seqs()).isEqualTo(IntStream.rangeClosed(1, 10).boxed().toList());
        assertThat(bench.rowsRead).isEqualTo(10);
    }

    @Test
    void a_connection_reads_a_few_conversations_at_once_and_comes_to_each() {
        RecordedLink link = new RecordedLink("ann/phone", 100);
        DeviceSession session = bench.connect(link);
        bench.holdReads();
        for (int i = 0; i < 20; i++) {
            behind(session, i);
        }
        assertThat(bench.reads).isEqualTo(8);

        bench.releaseReads();

        assertThat(link.seqs()).hasSize(20);
        assertThat(bench.node.behind()).isZero();
    }

    @Test
    void a_node_reads_so_much_at_once_and_comes_to_each() {
        List<RecordedLink> links = new ArrayList<>();
        bench.holdReads();
        for (int i = 0; i < 2 * Replays.AT_ONCE; i++) {
            RecordedLink link = new RecordedLink("ann/phone" + i, 3);
            links.add(link);
            behind(bench.connect(link), i);
        }
        assertThat(bench.reads).isEqualTo(Replays.AT_ONCE);

        bench.releaseReads();

        assertThat(links).allSatisfy(link -> assertThat(link.seqs()).containsExactly(1));
    }

    @Test
    void pages_of_large_rows_are_small() {
        Progress subscription = new Progress(CONVERSATION, 1);

        subscription.sizePages(new EventPage(List.of(new SequencedEvent(1, new byte[100_000])), 1));
        assertThat(subscription.pageRows).isEqualTo(10);
        subscription.sizePages(new EventPage(List.of(new SequencedEvent(1, new byte[2_000_000])), 1));
        assertThat(subscription.pageRows).isEqualTo(1);
        subscription.sizePages(new EventPage(List.of(new SequencedEvent(1, new byte[100])), 1));
        assertThat(subscription.pageRows).isEqualTo(100);
    }

    private void behind(DeviceSession session, int i) {
        ConversationId conversation = ConversationId.parse("ann~ben" + i);
        bench.store(conversation, 1, 1);
        bench.attach(session, conversation, 1, 0, 1);
    }
}
