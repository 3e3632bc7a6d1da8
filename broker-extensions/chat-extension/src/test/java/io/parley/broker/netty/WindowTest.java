package io.parley.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WindowTest {
    private static final int LAST_PACKET_ID = 65_535;

    private final Window window = new Window();
    private final Subscription one = new Subscription(ConversationId.parse("ann~ben"), 1);
    private final Subscription other = new Subscription(ConversationId.parse("ann~cid"), 1);

    @Test
    void acknowledgements_in_order_move_the_cursor_one_by_one() {
        int first = add(one, 1);
        int second = add(one, 2);

        assertThat(window.acknowledge(first)).isTrue();
        assertThat(one.acknowledged).isEqualTo(1);
        assertThat(window.acknowledge(second)).isTrue();
        assertThat(one.acknowledged).isEqualTo(2);
        assertThat(window.unacknowledged()).isZero();
    }

    @Test
    void acknowledgements_out_of_order_move_the_cursor_when_nothing_older_is_open() {
        int first = add(one, 1);
        int second = add(one, 2);
        int third = add(one, 3);

        window.acknowledge(third);
        window.acknowledge(second);
        assertThat(one.acknowledged).isZero();
        assertThat(window.unacknowledged()).isEqualTo(1);
        assertThat(Objects.requireNonNull(window.oldest()).seq).isEqualTo(1);

        window.acknowledge(first);
        assertThat(one.acknowledged).isEqualTo(3);
        assertThat(window.oldest()).isNull();
    }

    @Test
    void an_older_frame_of_another_conversation_holds_a_cursor_back_too() {
        int older = add(other, 7);
        int newer = add(one, 1);

        window.acknowledge(newer);
        assertThat(one.acknowledged).isZero();
        window.acknowledge(older);

        assertThat(one.acknowledged).isEqualTo(1);
        assertThat(other.acknowledged).isEqualTo(7);
        assertThat(window.takeMoved()).containsExactlyInAnyOrder(one, other);
        assertThat(window.takeMoved()).isEmpty();
    }

    @Test
    void what_is_not_in_flight_is_not_acknowledged() {
        int id = add(one, 1);
        window.acknowledge(id);

        assertThat(window.acknowledge(id)).as("twice").isFalse();
        assertThat(window.acknowledge(id + 1)).isFalse();
        assertThat(window.acknowledge(0)).isFalse();
        assertThat(window.acknowledge(LAST_PACKET_ID + 1)).isFalse();
        assertThat(window.unacknowledged()).isZero();
        assertThat(one.acknowledged).isEqualTo(1);
    }

    @Test
    void a_cursor_never_moves_back() {
        window.moved(one, 5);
        window.moved(one, 3);

        assertThat(one.acknowledged).isEqualTo(5);
    }

    @Test
    void packet_ids_go_round_and_none_is_in_flight_twice() {
        int stays = add(one, 1);
        Set<Integer> used = new HashSet<>(Set.of(stays));
        for (int seq = 2; seq <= LAST_PACKET_ID - Window.FIRST_PACKET_ID + 1; seq++) {
            int id = add(one, seq);
            used.add(id);
            window.acknowledge(id);
        }
        assertThat(used)
                .hasSize(LAST_PACKET_ID - Window.FIRST_PACKET_ID + 1)
                .allMatch(id -> id >= Window.FIRST_PACKET_ID && id <= LAST_PACKET_ID);

        assertThat(add(one, 40_000)).isEqualTo(stays + 1);
    }

    private int add(Subscription subscription, int seq) {
        return window.add(subscription, seq, 0).packetId;
    }
}
