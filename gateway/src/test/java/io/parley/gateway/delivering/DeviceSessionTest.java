package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.subscribing.Right;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What comes to a device, and when. */
final class DeviceSessionTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_device_that_has_everything_is_live_and_gets_each_event_as_it_comes() {
        bench.attach(session, CONVERSATION, 1, 5, 5);

        bench.live(CONVERSATION, 6, 7);

        assertThat(link.seqs()).containsExactly(6, 7);
        assertThat(bench.reads).isZero();
        assertThat(bench.node.behind()).isZero();
    }

    @Test
    void a_device_that_was_away_is_behind_until_history_has_brought_it_to_the_head() {
        bench.store(CONVERSATION, 1, 3);
        bench.attach(session, CONVERSATION, 1, 1, 4);
        assertThat(link.seqs()).containsExactly(2, 3);
        assertThat(bench.node.behind()).isEqualTo(1);

        bench.live(CONVERSATION, 5, 5);
        assertThat(link.seqs()).as("4 is not stored yet").containsExactly(2, 3);
        bench.store(CONVERSATION, 4, 4);
        bench.shard.pass(DeliveryBench.LONGEST_RETRY_MILLIS);
        bench.acknowledge(link, 0);

        assertThat(link.seqs()).containsExactly(2, 3, 4, 5);
        assertThat(bench.node.behind()).isZero();
        bench.acknowledge(link, 1, 2, 3);
        bench.live(CONVERSATION, 6, 6);
        assertThat(link.seqs()).as("live again").containsExactly(2, 3, 4, 5, 6);
    }

    @Test
    void what_is_kept_no_more_is_stepped_over() {
        bench.store(CONVERSATION, 1, 10);
        bench.purge(CONVERSATION, 9);
        bench.attach(session, CONVERSATION, 1, 2, 10);
        assertThat(link.seqs()).containsExactly(9, 10);
        bench.acknowledge(link, 0, 1);

        bench.live(CONVERSATION, 11, 11);

        assertThat(link.seqs()).containsExactly(9, 10, 11);
        assertThat(bench.node.behind()).isZero();
    }

    @Test
    void a_device_behind_nothing_that_is_kept_is_live() {
        bench.purge(CONVERSATION, 11);
        bench.attach(session, CONVERSATION, 1, 2, 10);

        bench.live(CONVERSATION, 11, 11);

        assertThat(link.seqs()).containsExactly(11);
        assertThat(bench.reads).isEqualTo(1);
    }

    @Test
    void events_up_to_the_cursor_do_not_come_again() {
        bench.store(CONVERSATION, 1, 5);
        bench.attach(session, CONVERSATION, 1, 5, 5);

        bench.live(CONVERSATION, 4, 5);

        assertThat(link.seqs()).isEmpty();
    }

    @Test
    void what_a_device_shows_to_have_does_not_come_again_and_is_reported() {
        session.claim(CONVERSATION, 4);
        bench.store(CONVERSATION, 1, 6);
        bench.attach(session, CONVERSATION, 1, 2, 6);
        assertThat(link.seqs()).containsExactly(5, 6);

        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.commands.stream()
                        .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                        .mapToInt(Cursor::getSeq)
                        .max())
                .hasValue(4);
    }

    @Test
    void nobody_shows_to_have_more_than_there_is() {
        session.claim(CONVERSATION, 99);
        bench.attach(session, CONVERSATION, 1, 2, 6);

        bench.live(CONVERSATION, 7, 7);

        assertThat(link.seqs()).containsExactly(7);
    }

    @Test
    void who_visits_asks_without_a_session_and_gets_no_events() {
        RecordedLink visiting = new RecordedLink("ann/http", 3);
        int before = bench.userCommands.size();
        DeviceSession visitor = bench.node.visit(visiting, bench.shard);
        List<Right> rights = new ArrayList<>();
        visitor.subscriptions().mayPublish(GROUP, Feed.MSG, rights::add);
        bench.answer(
                GROUP,
                Attached.newBuilder()
                        .setConnection(visitor.connection())
                        .setRightsOnly(true)
                        .setMember(true)
                        .setOrdinal(1));
        bench.live(GROUP, 1, 1);
        visitor.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(rights).containsExactly(Right.of(true));
        assertThat(visiting.frames).isEmpty();
        assertThat(bench.userCommands).as("the user's machine hears of nothing").hasSize(before);
    }

    @Test
    void a_full_window_makes_a_device_fall_behind_and_an_acknowledgement_brings_it_on() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 6);
        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertThat(bench.node.behind()).isEqualTo(1);

        bench.acknowledge(link, 0);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4);
        bench.acknowledge(link, 1, 2, 3);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(bench.node.behind()).isZero();

        bench.acknowledge(link, 4);
        bench.live(CONVERSATION, 7, 7);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(bench.reads).as("the node remembers").isZero();
    }

    @Test
    void a_connection_that_takes_no_bytes_makes_a_device_fall_behind_likewise() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        link.writable = false;
        bench.live(CONVERSATION, 1, 2);
        assertThat(link.frames).isEmpty();
        assertThat(bench.node.behind()).isEqualTo(1);

        link.writable = true;
        session.writable();

        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void an_event_that_did_not_come_is_read() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.store(CONVERSATION, 1, 1);

        bench.live(CONVERSATION, 2, 2);

        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void a_store_that_is_out_is_asked_again_until_it_answers() {
        bench.store(CONVERSATION, 1, 2);
        bench.storeIsOut = true;
        bench.attach(session, CONVERSATION, 1, 0, 2);
        bench.shard.pass(10 * DeliveryBench.LONGEST_RETRY_MILLIS);
        assertThat(link.frames).isEmpty();
        assertThat(bench.reads).isBetween(10, 20);

        bench.storeIsOut = false;
        bench.shard.pass(DeliveryBench.LONGEST_RETRY_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void at_qos_0_writing_moves_the_cursor_and_no_window_fills() {
        bench.attach(session, CONVERSATION, 0, 0, 0);

        bench.live(CONVERSATION, 1, 10);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).isEqualTo(DeliveryBench.seqs(1, 10));
        assertThat(link.frames).extracting(Frame::qos).containsOnly(0);
        assertThat(bench.reported(CONVERSATION)).containsExactly(10);
    }

    @Test
    void a_second_answer_does_not_move_a_device_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 2);
        bench.acknowledge(link, 0, 1);

        bench.answer(session, CONVERSATION, 0, 2);
        bench.live(CONVERSATION, 3, 3);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertThat(bench.reported(CONVERSATION)).containsExactly(2);
    }

    @Test
    void an_ended_subscription_gets_nothing_more() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 1);
        bench.unsubscribe(session, "chat/" + CONVERSATION + "/msg");

        bench.live(CONVERSATION, 2, 2);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void an_answer_that_never_comes_is_told_after_half_a_minute() {
        List<Permission> told = new ArrayList<>();
        bench.subscribe(session, "chat/g0123456789ab/msg", 1, told::add);

        bench.shard.pass(TimeUnit.SECONDS.toMillis(30) - 1);
        assertThat(told).isEmpty();
        bench.shard.pass(1);

        assertThat(told).containsExactly(Permission.UNKNOWN);
    }
}
