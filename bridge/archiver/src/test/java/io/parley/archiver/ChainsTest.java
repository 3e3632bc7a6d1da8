package io.parley.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPlace;
import io.parley.protocol.LogTopics;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.storage.LoggedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is written when, by a clock that is given. */
final class ChainsTest {
    private static final int LARGE = 1024 * 1024;
    private static final String BEN = "ann~ben";
    private static final String CID = "ann~cid";

    /** A write that is under way. */
    private record Write(ConversationId conversation, List<Long> offsets, CompletableFuture<Void> done) {}

    private final List<Write> writes = new ArrayList<>();
    private final List<Long> buried = new ArrayList<>();
    private final Set<Long> defective = new HashSet<>();
    private final Unfinished partition = new Unfinished();
    private final Chains chains = new Chains(
            (conversation, items) -> {
                List<Long> offsets =
                        items.stream().map(item -> item.place().offset()).toList();
                if (offsets.stream().anyMatch(defective::contains)) {
                    throw new IllegalArgumentException("a defect");
                }
                Write write = new Write(conversation, offsets, new CompletableFuture<>());
                writes.add(write);
                return write.done();
            },
            IllegalArgumentException.class::isInstance,
            (item, failure) -> {
                buried.add(item.place().offset());
                return CompletableFuture.completedFuture(null);
            },
            failure -> {});

    private long nanos = 1;

    @Test
    void a_conversation_is_written_in_order_and_another_meanwhile() {
        add(BEN, 0, 10);
        turn();
        add(BEN, 1, 10);
        add(CID, 2, 10);
        add(BEN, 3, 10);
        turn();

        assertThat(offsets()).containsExactly(List.of(0L), List.of(2L));
        assertThat(partition.low(4)).isZero();
        writes.get(1).done().complete(null);
        turn();
        assertThat(partition.low(4)).as("the first is not written").isZero();
        writes.get(0).done().complete(null);
        turn();
        assertThat(partition.low(4)).isEqualTo(1);
        assertThat(offsets()).last().isEqualTo(List.of(1L, 3L));
    }

    @Test
    void what_fails_is_tried_again_later_each_time_and_as_it_was() {
        add(BEN, 0, 10);
        turn();
        writes.get(0).done().completeExceptionally(new IllegalStateException("away"));
        turn();
        add(BEN, 1, 10);
        turn();
        assertThat(writes).hasSize(1);
        assertThat(chains.failing()).isEqualTo(1);
        pass(100);
        assertThat(offsets()).last().isEqualTo(List.of(0L));
        writes.get(1).done().completeExceptionally(new IllegalStateException("away"));
        turn();
        pass(100);
        assertThat(writes).hasSize(2);
        pass(100);
        assertThat(writes).hasSize(3);
        writes.get(2).done().complete(null);
        turn();
        assertThat(chains.failing()).isZero();
        assertThat(offsets()).last().isEqualTo(List.of(1L));
    }

    @Test
    void one_that_cannot_be_written_is_found_and_buried_and_those_around_it_are_written() {
        defective.add(1L);
        for (int offset = 0; offset < 3; offset++) {
            add(BEN, offset, 10);
        }
        for (int i = 0; i < 20; i++) {
            pass(2000);
            writes.forEach(write -> write.done().complete(null));
        }

        assertThat(buried).containsExactly(1L);
        assertThat(offsets()).containsExactly(List.of(0L), List.of(2L));
        assertThat(chains.failing()).isZero();
        assertThat(partition.low(3)).isEqualTo(3);
    }

    @Test
    void without_room_one_that_is_held_up_lets_go_what_waits_and_it_is_read_again() {
        add(BEN, 0, 10);
        turn();
        for (int offset = 1; offset < 16; offset++) {
            add(BEN, offset, LARGE);
        }
        add(CID, 16, LARGE);
        assertThat(chains.hasRoom()).isFalse();
        pass(1000);
        assertThat(chains.hasRoom()).as("it is not held up yet").isFalse();
        pass(1500);
        assertThat(chains.hasRoom()).as("nothing else is written").isFalse();
        writes.get(1).done().complete(null);
        turn();
        add(CID, 17, 2 * LARGE);
        pass(100);

        assertThat(chains.hasRoom()).isTrue();
        add(BEN, 18, 10);
        assertThat(partition.low(19)).as("the first is under way").isZero();
        writes.get(0).done().complete(null);
        turn();
        assertThat(offsets()).as("none of those after it comes before them").noneMatch(list -> list.contains(18L));
        assertThat(partition.low(19)).isEqualTo(1);
        assertThat(chains.again()).containsExactly(partition);
        assertThat(partition.rewind()).isEqualTo(1);
        assertThat(partition.low(1)).isEqualTo(1);
    }

    @Test
    void what_is_forgotten_is_not_written() {
        add(BEN, 0, 10);
        turn();
        add(BEN, 1, LARGE);
        add(CID, 2, LARGE);
        chains.forget(partition, 0);
        writes.get(0).done().complete(null);
        turn();
        add(CID, 2, 10);
        turn();

        assertThat(offsets()).containsExactly(List.of(0L), List.of(2L));
    }

    private void add(String conversation, long offset, int bytes) {
        SequencedEvent event = new SequencedEvent(
                1, ChatEvent.newBuilder().setSeq(1).setText("hi").build().toByteArray());
        LogPlace place = new LogPlace(LogTopics.EVENTS, 0, offset);
        chains.add(new Item(
                ConversationId.parse(conversation),
                new LoggedEvent(event, Keeping.getDefaultInstance(), place),
                null,
                place,
                0,
                bytes,
                partition));
    }

    private void turn() {
        int unused = chains.turn(nanos);
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        turn();
    }

    private List<List<Long>> offsets() {
        return writes.stream().map(Write::offsets).toList();
    }
}
