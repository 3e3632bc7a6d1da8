package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.SessionOpened;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the log hears of what devices acknowledged and their users read. */
final class CursorReportsTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void once_a_day_the_log_hears_that_the_device_lives_whatever_it_received() {
        // Who sees by name who is there is attached for as long as it is connected.
        bench.subscribe(session, "chat/" + CONVERSATION + "/#", 1, permission -> {});
        bench.answer(session, CONVERSATION, 5, 5);
        bench.shard.pass(TimeUnit.DAYS.toMillis(1));
        assertThat(bench.reported(CONVERSATION)).containsExactly(5);
        bench.shard.pass(TimeUnit.DAYS.toMillis(2));
        assertThat(bench.reported(CONVERSATION)).containsExactly(5, 5, 5);
    }

    @Test
    void the_cursor_is_reported_once_a_second_and_only_what_nothing_older_holds_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        bench.acknowledge(link, 2, 1);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        assertThat(bench.reported(CONVERSATION)).isEmpty();

        bench.acknowledge(link, 0);
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(3);
    }

    @Test
    void what_was_acknowledged_and_read_while_the_log_is_out_is_reported_when_it_is_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 2);
        bench.logIsOut = true;
        bench.acknowledge(link, 0, 1);
        session.read(CONVERSATION, 1);
        bench.shard.pass(5 * DeliveryBench.TICK_MILLIS);
        session.read(CONVERSATION, 2);
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(5 * DeliveryBench.TICK_MILLIS);
        assertThat(bench.reported(CONVERSATION)).isEmpty();

        bench.logIsOut = false;
        bench.shard.pass(5 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(2);
        assertThat(bench.reportedReads()).containsExactly(2);
    }

    @Test
    void a_conversation_is_one_report_for_the_devices_of_all_shards() {
        ManualLoop another = new ManualLoop();
        DeviceSession other = bench.connectUnanswered(new RecordedLink("ben/phone", 3), another, false);
        bench.opened(other, SessionOpened.newBuilder().setSession(1));
        another.run();
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        session.read(CONVERSATION, 1);
        other.read(CONVERSATION, 2);
        another.pass(DeliveryBench.TICK_MILLIS);
        assertThat(bench.commands).isEmpty();

        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.commands).hasSize(1);
        assertThat(bench.reportedReads()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void the_devices_of_a_large_group_are_reported_in_parts_that_the_log_takes() {
        CursorReports reports = new CursorReports(bench);
        int devices = 1024 * 20;
        for (int i = 0; i < devices; i++) {
            String user = "u%05d".formatted(i / 20) + "x".repeat(58);
            String device = user + "/" + "d%02d".formatted(i % 20) + "y".repeat(61);
            DeviceSession one = bench.connectUnanswered(new RecordedLink(device, 1), bench.shard, false);
            reports.add(CONVERSATION, one, 1 << 30);
        }
        bench.commands.clear();
        reports.sendNow(last -> last.include(CONVERSATION), complete -> {});

        assertThat(bench.commands.size()).isGreaterThan(1);
        assertThat(bench.commands)
                .allMatch(command -> command.getSerializedSize() <= RecordLimit.MAX_BYTES)
                .extracting(command -> command.getReportCursors().getCursorsCount())
                .satisfies(counts -> assertThat(
                                counts.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(devices));
    }

    @Test
    void the_end_of_a_connection_reports_what_was_acknowledged_and_nothing_twice() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        bench.acknowledge(link, 0);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        bench.acknowledge(link, 1);

        session.disconnected(OptionalLong.empty());
        session.disconnected(OptionalLong.empty());
        bench.live(CONVERSATION, 4, 4);

        assertThat(bench.reported(CONVERSATION)).containsExactly(1, 2);
        assertThat(bench.reportedSent()).containsExactly(3);
        assertThat(bench.farewells()).hasSize(1);
        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertThat(bench.node.connected()).isZero();
    }

    @Test
    void what_waits_of_an_earlier_session_is_dropped_for_that_of_the_next_but_not_what_was_read() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        bench.acknowledge(link, 0, 1, 2);
        session.read(CONVERSATION, 3);
        bench.logIsOut = true;
        session.disconnected(OptionalLong.empty());
        RecordedLink next = new RecordedLink("ann/phone", 3);
        bench.logIsOut = false;
        DeviceSession fresh =
                bench.connect(next, true, SessionOpened.newBuilder().setSession(2));
        bench.store(CONVERSATION, 1, 3);
        bench.attach(fresh, CONVERSATION, 1, 0, 3);
        bench.acknowledge(next, 0);

        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(1);
        assertThat(bench.reportedReads()).containsExactly(3);
    }
}
