package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Absence;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.UserErased;
import org.junit.jupiter.api.Test;

/** Nothing deleted comes out of a store that lags behind the deletion. */
final class DeletedTextTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    /** Longer than deletions are waited for. */
    private static final long PATIENCE_MILLIS = 2_000;

    private static final Deleted FIRST = Deleted.newBuilder().setSeq(1).build();

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 50);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_message_waits_until_the_deletion_is_stored_that_the_node_has_not_seen() {
        bench.store(CONVERSATION, 1, 1);
        bench.attach(session, CONVERSATION, 1, 0, 2);
        bench.shard.pass(100);
        assertThat(link.frames).isEmpty();

        bench.storeDeletion(CONVERSATION, 2, FIRST);
        bench.erase(CONVERSATION, 1);
        bench.shard.pass(PATIENCE_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2);
        assertIsTombstone(0);
    }

    @Test
    void a_deletion_that_is_stored_before_its_tombstone_is_done_in_the_page() {
        bench.store(CONVERSATION, 1, 3);
        bench.storeDeletion(
                CONVERSATION, 4, Deleted.newBuilder().setSeq(1).addEdits(3).build());
        bench.attach(session, CONVERSATION, 1, 0, 4);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4);
        assertIsTombstone(0);
        assertThat(text(1)).isEqualTo("event 2");
        assertIsTombstone(2);
    }

    @Test
    void a_store_that_stands_still_is_not_waited_for_longer() {
        bench.store(CONVERSATION, 1, 1);
        bench.attach(session, CONVERSATION, 1, 0, 2);
        bench.shard.pass(1_200);
        assertThat(link.frames).isEmpty();

        bench.shard.pass(100);
        assertThat(link.seqs()).containsExactly(1);

        bench.store(CONVERSATION, 2, 2);
        bench.shard.pass(PATIENCE_MILLIS);
        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void the_time_that_the_store_is_out_does_not_count() {
        bench.storeIsOut = true;
        bench.store(CONVERSATION, 1, 1);
        bench.attach(session, CONVERSATION, 1, 0, 2);
        bench.shard.pass(5 * PATIENCE_MILLIS);

        bench.storeIsOut = false;
        bench.shard.pass(DeliveryBench.LONGEST_RETRY_MILLIS);
        assertThat(link.frames).isEmpty();
        bench.shard.pass(PATIENCE_MILLIS);
        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void a_deletion_beyond_the_page_is_waited_for() {
        bench.store(CONVERSATION, 1, 29);
        bench.attach(session, CONVERSATION, 1, 0, 30);
        bench.shard.pass(100);
        assertThat(link.frames).isEmpty();

        bench.storeDeletion(CONVERSATION, 30, FIRST);
        bench.erase(CONVERSATION, 1);
        bench.shard.pass(PATIENCE_MILLIS);

        assertThat(link.seqs()).isEqualTo(DeliveryBench.seqs(1, 30));
        assertIsTombstone(0);
    }

    @Test
    void a_deletion_after_the_removal_of_the_user_is_waited_for() {
        bench.store(CONVERSATION, 1, 2);
        bench.subscribe(session, "chat/" + CONVERSATION + "/msg");
        bench.answer(
                CONVERSATION,
                DeliveryBench.positive(session, 0, 3)
                        .addAbsences(Absence.newBuilder().setFrom(3)));
        bench.shard.pass(100);
        assertThat(link.frames).isEmpty();

        bench.storeDeletion(CONVERSATION, 3, FIRST);
        bench.erase(CONVERSATION, 1);
        bench.shard.pass(PATIENCE_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2);
        assertIsTombstone(0);
    }

    @Test
    void a_deletion_that_came_by_is_done_in_what_is_read_later() {
        bench.store(CONVERSATION, 1, 2);
        bench.holdReads();
        bench.attach(session, CONVERSATION, 1, 0, 2);
        bench.deletion(CONVERSATION, 3, FIRST);
        bench.releaseReads();

        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertIsTombstone(0);
        assertThat(text(1)).isEqualTo("event 2");
    }

    @Test
    void what_an_erased_user_said_before_is_gone_and_what_is_said_later_is_not() {
        Erasures erasures = new Erasures();
        erasures.add(
                CONVERSATION,
                ChatEvent.newBuilder()
                        .setSeq(5)
                        .setUserErased(UserErased.newBuilder().setUser("ann"))
                        .build());

        assertThat(shown(erasures, 4, "ann").hasDeletedMessage()).isTrue();
        assertThat(shown(erasures, 4, "ben").getText()).isEqualTo("hello");
        assertThat(shown(erasures, 6, "ann").getText()).isEqualTo("hello");
    }

    private static ChatEvent shown(Erasures erasures, int seq, String from) {
        ChatEvent event = ChatEvent.newBuilder()
                .setSeq(seq)
                .setFrom(from)
                .setText("hello")
                .build();
        return erasures.applied(CONVERSATION, new SequencedEvent(seq, event.toByteArray()))
                .decoded();
    }

    private void assertIsTombstone(int frame) {
        assertThat(link.frames.get(frame).event().decoded().hasDeletedMessage()).isTrue();
        assertThat(text(frame)).isEmpty();
    }

    private String text(int frame) {
        return link.frames.get(frame).event().decoded().getText();
    }
}
