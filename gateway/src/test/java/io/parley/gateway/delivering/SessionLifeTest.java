package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.SessionOpened;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a session begins, goes on with the next connection, and ends. */
final class SessionLifeTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

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
}
