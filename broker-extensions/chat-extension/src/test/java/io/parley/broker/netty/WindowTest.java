package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.broker.netty.Window.Reached;
import io.parley.protocol.ConversationId;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is acknowledged of each conversation is told up to the first packet that is not. */
final class WindowTest {
    private static final int LAST_PACKET_ID = 65_535;
    private static final ConversationId ONE = ConversationId.parse("ann~ben");
    private static final ConversationId OTHER = ConversationId.parse("ann~cid");

    private final Window window = new Window();

    @Test
    void acknowledgements_in_order_reach_one_by_one() {
        int first = window.add(ONE, 1);
        int second = window.add(ONE, 2);

        assertThat(window.acknowledge(first)).isEqualTo(new Reached(ONE, 1));
        assertThat(window.unacknowledged()).isEqualTo(1);
        assertThat(window.acknowledge(second)).isEqualTo(new Reached(ONE, 2));
        assertThat(window.unacknowledged()).isZero();
    }

    @Test
    void acknowledgements_out_of_order_reach_on_when_nothing_older_is_open() {
        int first = window.add(ONE, 1);
        int second = window.add(ONE, 2);
        int third = window.add(ONE, 3);

        assertThat(window.acknowledge(third)).isNull();
        assertThat(window.acknowledge(second)).isNull();
        assertThat(window.unacknowledged()).isEqualTo(1);

        assertThat(window.acknowledge(first)).isEqualTo(new Reached(ONE, 3));
        assertThat(window.unacknowledged()).isZero();
    }

    @Test
    void an_older_packet_of_another_conversation_holds_nothing_back() {
        int older = window.add(OTHER, 7);
        int newer = window.add(ONE, 1);

        assertThat(window.acknowledge(newer)).isEqualTo(new Reached(ONE, 1));
        assertThat(window.acknowledge(older)).isEqualTo(new Reached(OTHER, 7));
    }

    @Test
    void at_qos_0_writing_is_enough_unless_an_earlier_packet_is_open() {
        assertThat(window.addAtMostOnce(ONE, 1)).isEqualTo(new Reached(ONE, 1));
        int second = window.add(ONE, 2);
        assertThat(window.addAtMostOnce(ONE, 3)).isNull();
        int fourth = window.add(ONE, 4);
        assertThat(window.addAtMostOnce(ONE, 5)).isNull();
        assertThat(window.addAtMostOnce(OTHER, 1)).isEqualTo(new Reached(OTHER, 1));
        assertThat(window.unacknowledged()).isEqualTo(2);

        assertThat(window.acknowledge(second)).isEqualTo(new Reached(ONE, 3));
        assertThat(window.acknowledge(fourth)).isEqualTo(new Reached(ONE, 5));
        assertThat(window.addAtMostOnce(ONE, 6)).isEqualTo(new Reached(ONE, 6));
    }

    @Test
    void what_is_not_in_flight_is_not_acknowledged() {
        int id = window.add(ONE, 1);
        window.add(ONE, 2);
        window.acknowledge(id);

        assertThat(window.acknowledge(id)).as("twice").isNull();
        assertThat(window.acknowledge(id + 2)).isNull();
        assertThat(window.acknowledge(0)).isNull();
        assertThat(window.acknowledge(LAST_PACKET_ID + 1)).isNull();
        assertThat(window.unacknowledged()).isEqualTo(1);
        assertThat(window.acknowledge(id + 1)).isEqualTo(new Reached(ONE, 2));
    }

    @Test
    void packet_ids_go_round_and_none_is_in_flight_twice() {
        int stays = window.add(ONE, 1);
        Set<Integer> used = new HashSet<>(Set.of(stays));
        for (int seq = 2; seq <= LAST_PACKET_ID - Window.FIRST_PACKET_ID + 1; seq++) {
            int id = window.add(OTHER, seq);
            used.add(id);
            window.acknowledge(id);
        }
        assertThat(used)
                .hasSize(LAST_PACKET_ID - Window.FIRST_PACKET_ID + 1)
                .allMatch(id -> id >= Window.FIRST_PACKET_ID && id <= LAST_PACKET_ID);

        assertThat(window.add(OTHER, 40_000)).isEqualTo(stays + 1);
    }
}
