package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private record Sent(String to, Publication publication, CompletableFuture<Void> answer) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Outbox outbox = new Outbox(
            this::send, (unsent, why) -> refused.add(unsent.publication().getText() + ": " + why.getMessage()));

    private CompletableFuture<Void> send(String to, Publication publication) {
        Sent one = new Sent(to, publication, new CompletableFuture<>());
        sent.add(one);
        return one.answer();
    }

    @Test
    void what_is_said_offline_is_sent_in_its_order_when_there_is_a_connection() {
        say("one");
        say("two");
        assertThat(sent).isEmpty();
        assertThat(outbox.size()).isEqualTo(2);

        outbox.connected();
        assertThat(texts()).containsExactly("one", "two");
        assertThat(sent).allMatch(one -> one.to().equals("alice~bob"));
    }

    @Test
    void what_is_not_acknowledged_is_sent_again_with_the_same_ids() {
        outbox.connected();
        say("one");
        say("two");
        sent.get(0).answer().complete(null);
        outbox.lost();
        say("three");
        outbox.connected();

        assertThat(texts()).containsExactly("one", "two", "two", "three");
        assertThat(sent.get(2).publication()).isEqualTo(sent.get(1).publication());
        assertThat(sent.stream().map(one -> one.publication().getId()).distinct())
                .hasSize(3);
    }

    @Test
    void an_answer_of_the_connection_before_counts() {
        outbox.connected();
        say("one");
        outbox.lost();
        sent.get(0).answer().complete(null);
        outbox.connected();
        assertThat(sent).hasSize(1);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void a_wire_that_sends_again_itself_is_not_handed_it_twice() {
        outbox.connected();
        say("one");
        outbox.lost();
        say("two");
        outbox.resumed();
        assertThat(texts()).containsExactly("one", "two");
    }

    @Test
    void a_refusal_is_told_and_not_sent_again() {
        outbox.connected();
        say("one");
        sent.get(0).answer().completeExceptionally(new ParleyException("not a member", 0x87));
        outbox.send();
        assertThat(refused).containsExactly("one: not a member");
        assertThat(sent).hasSize(1);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void who_is_to_send_it_again_does_so_later_and_tells_nobody() {
        outbox.connected();
        say("one");
        sent.get(0).answer().completeExceptionally(new ParleyException("too many", 0x97));
        assertThat(sent).hasSize(1);
        outbox.send();
        assertThat(texts()).containsExactly("one", "one");
        assertThat(refused).isEmpty();
    }

    @Test
    void a_lost_connection_is_no_refusal() {
        outbox.connected();
        say("one");
        outbox.lost();
        sent.get(0).answer().completeExceptionally(new ParleyException("connection lost"));
        outbox.send();
        assertThat(sent).hasSize(1);
        assertThat(refused).isEmpty();
        assertThat(outbox.size()).isEqualTo(1);
    }

    @Test
    void no_more_is_in_flight_than_a_node_takes() {
        IntStream.range(0, 40).forEach(i -> say("m" + i));
        outbox.connected();
        assertThat(sent).hasSize(16);
        for (int i = 0; i < 40; i++) {
            sent.get(i).answer().complete(null);
        }
        assertThat(texts())
                .containsExactlyElementsOf(
                        IntStream.range(0, 40).mapToObj(i -> "m" + i).toList());
        assertThat(outbox.size()).isZero();
    }

    private void say(String text) {
        outbox.say("alice~bob", Publication.newBuilder().setText(text));
    }

    private List<String> texts() {
        return sent.stream().map(one -> one.publication().getText()).toList();
    }
}
