package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final ConversationId ONE = ConversationId.parse("alice~bob");
    private static final ConversationId OTHER = ConversationId.parse("alice~carol");

    private record Handed(ConversationId conversation, int seq, CompletableFuture<Void> stored) {}

    private final List<Handed> handed = new ArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();
    private final List<Integer> done = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> pauses = new ArrayList<>();
    private final Deliveries deliveries = new Deliveries(
            new ChatHandler() {
                @Override
                public CompletableFuture<Void> event(ConversationId conversation, ChatEvent event) {
                    Handed one = new Handed(conversation, event.getSeq(), new CompletableFuture<>());
                    handed.add(one);
                    return one.stored();
                }

                @Override
                public int stored(ConversationId conversation) {
                    return conversation.equals(OTHER) ? 7 : 0;
                }
            },
            tasks::add,
            millis -> task -> {
                pauses.add(millis);
                tasks.add(task);
            },
            (conversation, event) -> done.add(event.getSeq()));

    private void come(ConversationId conversation, int seq, int connection) {
        deliveries.take(
                conversation,
                ChatEvent.newBuilder().setSeq(seq).build(),
                () -> acknowledged.add(conversation + " " + seq + " on " + connection));
        run();
    }

    private void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void store(int which) {
        handed.get(which).stored().complete(null);
        run();
    }

    private List<Integer> seqs() {
        return handed.stream().map(Handed::seq).toList();
    }

    @Test
    void an_event_is_acknowledged_when_the_application_has_stored_it() {
        come(ONE, 1, 1);
        assertThat(acknowledged).isEmpty();
        store(0);
        assertThat(acknowledged).containsExactly("alice~bob 1 on 1");
        assertThat(done).containsExactly(1);
    }

    @Test
    void the_next_one_of_the_conversation_waits_and_others_do_not() {
        come(ONE, 1, 1);
        come(ONE, 2, 1);
        come(OTHER, 8, 1);
        assertThat(seqs()).containsExactly(1, 8);
        store(0);
        assertThat(seqs()).containsExactly(1, 8, 2);
    }

    @Test
    void what_comes_again_is_handed_once_and_acknowledged_on_both_connections() {
        come(ONE, 1, 1);
        come(ONE, 1, 2);
        store(0);
        come(ONE, 1, 3);
        assertThat(seqs()).containsExactly(1);
        assertThat(acknowledged).containsExactly("alice~bob 1 on 1", "alice~bob 1 on 2", "alice~bob 1 on 3");
    }

    @Test
    void what_an_earlier_program_has_stored_is_acknowledged_at_once() {
        come(OTHER, 7, 1);
        assertThat(handed).isEmpty();
        assertThat(acknowledged).containsExactly("alice~carol 7 on 1");
    }

    @Test
    void what_could_not_be_stored_comes_again_after_a_growing_pause_and_is_not_acknowledged() {
        come(ONE, 1, 1);
        come(ONE, 2, 1);
        handed.get(0).stored().completeExceptionally(new IllegalStateException("the disk is full"));
        run();
        handed.get(1).stored().completeExceptionally(new IllegalStateException("the disk is full"));
        run();
        assertThat(seqs()).containsExactly(1, 1, 1);
        assertThat(pauses).containsExactly(500L, 1_000L);
        assertThat(acknowledged).isEmpty();
        store(2);
        assertThat(seqs()).containsExactly(1, 1, 1, 2);
    }
}
