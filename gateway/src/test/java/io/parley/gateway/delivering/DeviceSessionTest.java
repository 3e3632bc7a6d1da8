package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.SessionOpened;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What comes to a device, and when. */
final class DeviceSessionTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

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
    void a_removed_user_gets_everything_up_to_the_removal_and_nothing_after_it() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 0);
        bench.live(group, 1, 4);
        bench.removal(group, 5, UserId.parse("ann"));
        bench.live(group, 6, 7);
        assertThat(link.seqs()).containsExactly(1, 2, 3);

        bench.acknowledge(link, 0, 1, 2);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        bench.acknowledge(link, 3, 4);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void who_was_removed_and_added_again_while_behind_gets_both_times_and_nothing_between() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 0);
        bench.live(group, 1, 4);
        bench.removal(group, 5, UserId.parse("ann"));
        bench.live(group, 6, 8);
        bench.answerWildcard(session, group, 8, 9);
        bench.live(group, 9, 10);

        bench.acknowledge(link, 0, 1, 2);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        bench.acknowledge(link, 3, 4);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5, 9, 10);
    }

    @Test
    void who_was_removed_while_behind_gets_nothing_beyond_once_history_has_brought_them_there() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 1);
        bench.removal(group, 2, UserId.parse("ann"));
        bench.store(group, 1, 1);
        bench.shard.pass(100);
        assertThat(link.seqs()).containsExactly(1, 2);

        bench.live(group, 3, 3);

        assertThat(link.seqs()).containsExactly(1, 2);
        assertThat(bench.detached()).containsExactly(1L);
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

    @Test
    void nothing_is_asked_for_or_sent_before_the_engine_has_opened_the_session() {
        RecordedLink another = new RecordedLink("ann/tablet", 3);
        DeviceSession opening = bench.connectUnanswered(another, bench.shard, false);
        bench.opened(
                opening,
                SessionOpened.newBuilder()
                        .setMore(true)
                        .addSubscriptions(DeliveryBench.options("chat/" + CONVERSATION + "/msg", 1)));
        bench.live(CONVERSATION, 1, 1);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        assertThat(another.present).isNull();
        assertThat(another.frames).isEmpty();

        bench.opened(
                opening,
                SessionOpened.newBuilder()
                        .setPresent(true)
                        .setSession(7)
                        .addSubscriptions(DeliveryBench.options("user/ann/reply", 0)));
        bench.answer(opening, CONVERSATION, 1, 1);
        bench.live(CONVERSATION, 2, 2);

        assertThat(another.present).isTrue();
        assertThat(another.seqs()).containsExactly(2);
        assertThat(opening.subscriptions().replies()).hasValue(0);
        assertThat(opening.origin().getSession()).isEqualTo(7);
        assertThat(bench.recorded()).as("the log has them already").isEmpty();
    }

    @Test
    void a_connection_whose_session_is_not_opened_ends_after_twenty_seconds() {
        RecordedLink another = new RecordedLink("ann/tablet", 3);
        bench.connectUnanswered(another, bench.shard, false);
        bench.shard.pass(TimeUnit.SECONDS.toMillis(20) - 1);
        assertThat(another.closed).isNull();

        bench.shard.pass(1);

        assertThat(another.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);
        assertThat(link.closed).as("the one that was opened").isNull();
    }

    @Test
    void a_connection_that_the_log_does_not_take_ends_at_once() {
        RecordedLink another = new RecordedLink("ann/tablet", 3);
        bench.logIsOut = true;

        bench.connectUnanswered(another, bench.shard, false);

        assertThat(another.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);
    }

    @Test
    void what_an_earlier_connection_was_sent_is_marked() {
        bench.store(CONVERSATION, 1, 4);
        RecordedLink again = resume(false, 1, 3, 4);

        assertThat(again.seqs()).containsExactly(2, 3, 4);
        assertThat(again.frames).extracting(Frame::duplicate).containsExactly(true, true, false);
    }

    @Test
    void what_an_interrupted_connection_may_have_been_sent_is_marked() {
        bench.store(CONVERSATION, 1, 3);
        RecordedLink again = resume(true, 1, 0, 3);
        bench.acknowledge(again, 0, 1);

        bench.live(CONVERSATION, 4, 4);

        assertThat(again.seqs()).containsExactly(2, 3, 4);
        assertThat(again.frames).extracting(Frame::duplicate).containsExactly(true, true, false);
    }

    @Test
    void what_is_marked_once_is_marked_again_although_the_connection_between_did_not_come_so_far() {
        bench.store(CONVERSATION, 1, 3);
        RecordedLink again = new RecordedLink("ann/tablet", 1);
        DeviceSession resumed = resume(again, true, 0, 0, 3);
        assertThat(again.seqs()).containsExactly(1);

        resumed.disconnected(OptionalLong.empty());

        assertThat(bench.reportedSent()).containsExactly(3);
    }

    private RecordedLink resume(boolean interrupted, int cursor, int sent, int head) {
        RecordedLink again = new RecordedLink("ann/tablet", 3);
        resume(again, interrupted, cursor, sent, head);
        return again;
    }

    private DeviceSession resume(RecordedLink again, boolean interrupted, int cursor, int sent, int head) {
        DeviceSession resumed = bench.connect(
                again,
                false,
                SessionOpened.newBuilder()
                        .setPresent(true)
                        .setSession(3)
                        .setInterrupted(interrupted)
                        .addSubscriptions(DeliveryBench.options("chat/+/msg", 1)));
        bench.answer(
                CONVERSATION,
                DeliveryBench.positive(resumed, cursor, head).setSent(sent).setWildcard(true));
        return resumed;
    }

    @Test
    void at_qos_0_behind_an_unacknowledged_event_the_cursor_waits() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 1);
        bench.subscribe(session, "chat/" + CONVERSATION + "/msg", 0, permission -> {});
        bench.live(CONVERSATION, 2, 3);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertThat(bench.reported(CONVERSATION)).isEmpty();

        bench.acknowledge(link, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(3);
    }

    @Test
    void the_log_has_the_cursors_before_it_is_told_of_the_end() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        bench.acknowledge(link, 0);
        bench.holdLog();

        session.disconnected(OptionalLong.of(60));
        bench.shard.run();
        assertThat(bench.reported(CONVERSATION)).containsExactly(1);
        assertThat(bench.reportedSent()).containsExactly(3);
        assertThat(bench.farewells()).isEmpty();
        bench.releaseLog();

        assertThat(bench.farewells())
                .containsExactly(
                        DeviceDisconnected.newBuilder().setExpirySeconds(60).build());
    }

    @Test
    void an_end_whose_cursors_the_log_does_not_take_is_told_as_incomplete_when_it_is_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 1);
        bench.logIsOut = true;
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);

        bench.logIsOut = false;
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.farewells())
                .containsExactly(
                        DeviceDisconnected.newBuilder().setIncomplete(true).build());
        assertThat(bench.reportedSent()).containsExactly(1);
    }

    @Test
    void filters_are_granted_when_the_log_has_them() {
        List<Permission> told = new ArrayList<>();
        bench.holdLog();
        bench.subscribe(session, "user/ann/reply", 1, told::add);
        assertThat(bench.recorded()).containsExactly("user/ann/reply");
        assertThat(told).isEmpty();

        bench.releaseLog();

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    @Test
    void filters_that_the_log_does_not_take_are_not_granted_and_the_connection_ends() {
        List<Permission> told = new ArrayList<>();
        bench.logIsOut = true;

        bench.subscribe(session, "user/ann/reply", 1, told::add);

        assertThat(told).containsExactly(Permission.UNKNOWN);
        assertThat(session.subscriptions().replies()).isEmpty();
        assertThat(link.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);
    }

    @Test
    void the_filters_of_one_packet_are_one_command_of_those_that_are_granted() {
        List<Permission> told = new ArrayList<>();
        List<Filter> wanted = Stream.of("user/ann/reply", "chat/bob~cid/msg", "chat/#", "user/ben/reply")
                .map(text -> Filter.of(DeliveryBench.options(text, 1).build(), UserId.parse("ann")))
                .toList();

        session.subscriptions().subscribe(wanted, told::addAll);
        bench.shard.run();

        assertThat(told).containsExactly(Permission.GRANTED, Permission.DENIED, Permission.GRANTED, Permission.DENIED);
        assertThat(bench.recorded()).containsExactly("user/ann/reply", "chat/#");
        assertThat(bench.userCommands
                        .get(bench.userCommands.size() - 1)
                        .getSubscribe()
                        .getAttachAll())
                .isTrue();
    }

    @Test
    void a_filter_that_ended_before_it_was_granted_does_not_come_into_the_log() {
        String group = "chat/g0123456789ab/msg";
        bench.subscribe(session, group, 1, permission -> {});
        bench.unsubscribe(session, group);

        bench.answer(session, ConversationId.parse("g0123456789ab"), 0, 0);
        bench.subscribe(session, "user/ann/reply", 1, permission -> {});

        assertThat(bench.recorded()).containsExactly("user/ann/reply");
    }
}
