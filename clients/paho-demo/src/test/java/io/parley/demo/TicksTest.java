package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.wire.Receipt;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicksTest {
    private static final Set<String> BOB = Set.of("bob");
    private static final Set<String> BOTH = Set.of("bob", "carol");

    private final Ticks ticks = new Ticks();

    @Test
    void a_message_is_sent_then_delivered_then_read() {
        ticks.said(3, "hi");
        assertThat(ticks.mark(3, BOB)).isEqualTo(Ticks.SENT);
        assertThat(ticks.moved(List.of(receipt("bob", 3, 0)), BOB)).containsExactly("✓✓ delivered (up to \"hi\")");
        assertThat(ticks.mark(3, BOB)).isEqualTo(Ticks.DELIVERED);
        assertThat(ticks.moved(List.of(receipt("bob", 3, 3)), BOB)).containsExactly("✓✓ read by bob (up to \"hi\")");
        assertThat(ticks.mark(3, BOB)).isEqualTo(Ticks.READ);
    }

    @Test
    void the_slowest_of_the_others_decides() {
        ticks.said(3, "hi");
        ticks.moved(List.of(receipt("bob", 3, 3)), BOTH);
        assertThat(ticks.mark(3, BOTH)).isEqualTo(Ticks.SENT);
        ticks.moved(List.of(receipt("carol", 3, 0)), BOTH);
        assertThat(ticks.mark(3, BOTH)).isEqualTo(Ticks.DELIVERED);
        assertThat(ticks.moved(List.of(receipt("carol", 3, 3)), BOTH)).containsExactly("✓✓ read by all (up to \"hi\")");
    }

    @Test
    void pointers_move_only_forward() {
        ticks.said(3, "hi");
        ticks.moved(List.of(receipt("bob", 3, 3)), BOB);
        assertThat(ticks.moved(List.of(receipt("bob", 2, 0)), BOB)).isEmpty();
        assertThat(ticks.of("bob")).isEqualTo(receipt("bob", 3, 3));
        assertThat(ticks.mark(3, BOB)).isEqualTo(Ticks.READ);
    }

    @Test
    void only_a_pointer_that_passes_a_message_of_ones_own_is_news() {
        ticks.said(3, "hi");
        assertThat(ticks.moved(List.of(receipt("bob", 2, 2)), BOB)).isEmpty();
        assertThat(ticks.moved(List.of(receipt("bob", 5, 3)), BOB)).hasSize(1);
        assertThat(ticks.moved(List.of(receipt("bob", 5, 5)), BOB)).isEmpty();
    }

    @Test
    void who_is_no_member_is_no_reader() {
        ticks.said(3, "hi");
        assertThat(ticks.moved(List.of(receipt("mallory", 3, 3)), BOB)).isEmpty();
        assertThat(ticks.mark(3, BOB)).isEqualTo(Ticks.SENT);
    }

    @Test
    void news_quote_the_last_message_they_reach_as_it_is_now() {
        ticks.said(3, "hi");
        ticks.said(4, "thre");
        ticks.said(4, "there");
        ticks.said(6, "gone");
        ticks.deleted(6);
        assertThat(ticks.moved(List.of(receipt("bob", 7, 0)), BOB)).containsExactly("✓✓ delivered (up to \"there\")");
        assertThat(ticks.last()).isEqualTo(4);
    }

    @Test
    void nobody_else_means_that_nothing_is_delivered() {
        ticks.said(3, "hi");
        assertThat(ticks.mark(3, Set.of())).isEqualTo(Ticks.SENT);
        assertThat(new Ticks().last()).isZero();
    }

    private static Receipt receipt(String user, int delivered, int read) {
        return Receipt.newBuilder()
                .setUser(user)
                .setDelivered(delivered)
                .setRead(read)
                .build();
    }
}
