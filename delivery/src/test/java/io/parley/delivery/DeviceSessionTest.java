package io.parley.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeviceSessionTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final long TICK_MILLIS = 1000;
    private static final long LONGEST_RETRY_MILLIS = 1000;

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
        bench.shard.pass(LONGEST_RETRY_MILLIS);
        acknowledge(0);

        assertThat(link.seqs()).containsExactly(2, 3, 4, 5);
        assertThat(bench.node.behind()).isZero();
        acknowledge(1, 2, 3);
        bench.live(CONVERSATION, 6, 6);
        assertThat(link.seqs()).as("live again").containsExactly(2, 3, 4, 5, 6);
    }

    @Test
    void what_is_kept_no_more_is_stepped_over() {
        bench.store(CONVERSATION, 1, 10);
        bench.purge(CONVERSATION, 9);
        bench.attach(session, CONVERSATION, 1, 2, 10);
        assertThat(link.seqs()).containsExactly(9, 10);
        acknowledge(0, 1);

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
    void once_a_day_the_log_hears_that_the_device_lives_whatever_it_received() {
        bench.attach(session, CONVERSATION, 1, 5, 5);
        bench.shard.pass(TimeUnit.DAYS.toMillis(1));
        assertThat(bench.reported(CONVERSATION)).containsExactly(5);
        bench.shard.pass(TimeUnit.DAYS.toMillis(2));
        assertThat(bench.reported(CONVERSATION)).containsExactly(5, 5, 5);
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

        acknowledge(0);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4);
        acknowledge(1, 2, 3);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(bench.node.behind()).isZero();

        acknowledge(4);
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
        bench.shard.pass(10 * LONGEST_RETRY_MILLIS);
        assertThat(link.frames).isEmpty();
        assertThat(bench.reads).isBetween(10, 20);

        bench.storeIsOut = false;
        bench.shard.pass(LONGEST_RETRY_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void the_cursor_is_reported_once_a_second_and_only_what_nothing_older_holds_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        acknowledge(2, 1);
        bench.shard.pass(TICK_MILLIS);
        assertThat(bench.reported(CONVERSATION)).isEmpty();

        acknowledge(0);
        bench.shard.pass(3 * TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(3);
    }

    @Test
    void what_was_acknowledged_and_read_while_the_log_is_out_is_reported_when_it_is_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 2);
        bench.logIsOut = true;
        acknowledge(0, 1);
        session.read(CONVERSATION, 1);
        bench.shard.pass(5 * TICK_MILLIS);
        session.read(CONVERSATION, 2);
        session.disconnected();
        bench.shard.pass(5 * TICK_MILLIS);
        assertThat(bench.reported(CONVERSATION)).isEmpty();

        bench.logIsOut = false;
        bench.shard.pass(5 * TICK_MILLIS);

        assertThat(bench.reported(CONVERSATION)).containsExactly(2);
        assertThat(bench.reportedReads()).containsExactly(2);
    }

    @Test
    void a_conversation_is_one_report_for_the_devices_of_all_shards() {
        ManualShard another = new ManualShard();
        DeviceSession other = bench.node.connect(new RecordedLink("ben/phone", 3), another, false);
        bench.shard.pass(TICK_MILLIS);
        session.read(CONVERSATION, 1);
        other.read(CONVERSATION, 2);
        another.pass(TICK_MILLIS);
        assertThat(bench.commands).isEmpty();

        bench.shard.pass(2 * TICK_MILLIS);

        assertThat(bench.commands).hasSize(1);
        assertThat(bench.reportedReads()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void the_end_of_a_connection_reports_what_was_acknowledged_and_nothing_twice() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 3);
        acknowledge(0);
        bench.shard.pass(TICK_MILLIS);
        acknowledge(1);

        session.disconnected();
        session.disconnected();
        bench.live(CONVERSATION, 4, 4);

        assertThat(bench.reported(CONVERSATION)).containsExactly(1, 2);
        assertThat(link.seqs()).containsExactly(1, 2, 3);
        assertThat(bench.node.connected()).isZero();
    }

    @Test
    void at_qos_0_writing_moves_the_cursor_and_no_window_fills() {
        bench.attach(session, CONVERSATION, 0, 0, 0);

        bench.live(CONVERSATION, 1, 10);
        bench.shard.pass(2 * TICK_MILLIS);

        assertThat(link.seqs()).isEqualTo(seqs(1, 10));
        assertThat(link.frames).extracting(Frame::packetId).containsOnly(0);
        assertThat(bench.reported(CONVERSATION)).containsExactly(10);
    }

    @Test
    void a_second_answer_does_not_move_a_device_back() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 2);
        acknowledge(0, 1);

        bench.answer(session, CONVERSATION, 0, 2);
        bench.live(CONVERSATION, 3, 3);
        bench.shard.pass(TICK_MILLIS);

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

        acknowledge(0, 1, 2);
        bench.shard.pass(TICK_MILLIS);
        acknowledge(3, 4);
        bench.shard.pass(TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void an_ended_subscription_gets_nothing_more() {
        bench.attach(session, CONVERSATION, 1, 0, 0);
        bench.live(CONVERSATION, 1, 1);
        session.unsubscribe("chat/" + CONVERSATION + "/msg");

        bench.live(CONVERSATION, 2, 2);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void an_answer_that_never_comes_is_told_after_half_a_minute() {
        List<Permission> told = new ArrayList<>();
        DeliveryBench.subscribe(session, "chat/g0123456789ab/msg", 1, told::add);

        bench.shard.pass(TimeUnit.SECONDS.toMillis(30) - 1);
        assertThat(told).isEmpty();
        bench.shard.pass(1);

        assertThat(told).containsExactly(Permission.UNKNOWN);
    }

    /** Whatever comes in whatever order: no gap, no repeat, never more than the window, and the cursor never beyond what is held. */
    @Test
    void any_order_of_events_acknowledgements_and_troubles_keeps_the_order() {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? 150 : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new RandomRun(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("repeat with -Dseed=" + seed, e);
            }
        }
    }

    private static final class RandomRun {
        private static final int STEPS = 200;

        private final Random random;
        private final DeliveryBench bench = new DeliveryBench();
        private final RecordedLink link;
        private final DeviceSession session;
        private final int start;
        private final List<Integer> open = new ArrayList<>();
        private int taken;
        private int head;
        private int stored;

        RandomRun(long seed) {
            random = new Random(seed);
            link = new RecordedLink("ann/phone", 1 + random.nextInt(5));
            session = bench.connect(link);
            head = random.nextInt(20);
            start = random.nextInt(head + 1);
            stored = head / 2;
            bench.store(CONVERSATION, 1, stored);
        }

        void play() {
            bench.attach(session, CONVERSATION, 1, start, head);
            for (int i = 0; i < STEPS; i++) {
                step();
                check();
            }
            link.writable = true;
            bench.storeIsOut = false;
            store(head);
            session.writable();
            for (int i = 0; link.seqs().size() < head - start; i++) {
                assertThat(i).as("rounds until everything has come").isLessThan(10 * STEPS);
                bench.shard.pass(LONGEST_RETRY_MILLIS);
                acknowledgeSome();
                check();
            }
            while (!open.isEmpty() || taken < link.frames.size()) {
                acknowledgeSome();
            }
            bench.shard.pass(TICK_MILLIS);
            check();
            assertThat(bench.node.behind()).isZero();
            if (head > start) {
                assertThat(bench.reported(CONVERSATION)).endsWith(head);
            }
        }

        private void step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> bench.live(CONVERSATION, ++head, head);
                case 2 -> bench.live(CONVERSATION, head += 2, head);
                case 3, 4 -> acknowledgeSome();
                case 5 -> store(Math.min(head, stored + random.nextInt(4)));
                case 6 -> bench.shard.pass(random.nextInt(300));
                default -> trouble();
            }
        }

        private void trouble() {
            bench.storeIsOut = random.nextBoolean();
            link.writable = random.nextInt(3) > 0;
            if (link.writable) {
                session.writable();
                bench.shard.run();
            }
        }

        private void store(int last) {
            bench.store(CONVERSATION, stored + 1, last);
            stored = Math.max(stored, last);
        }

        private void acknowledgeSome() {
            for (; taken < link.frames.size(); taken++) {
                open.add(link.packetId(taken));
            }
            if (!open.isEmpty()) {
                session.acknowledged(open.remove(random.nextInt(open.size())));
                bench.shard.run();
            }
        }

        private void check() {
            assertThat(link.seqs()).isEqualTo(seqs(start + 1, start + link.frames.size()));
            int inFlight = open.size() + link.frames.size() - taken;
            assertThat(inFlight).isLessThanOrEqualTo(link.window());
            List<Integer> reported = bench.reported(CONVERSATION);
            assertThat(reported).isSorted().doesNotHaveDuplicates();
            int held = start + link.frames.size();
            for (Frame frame : link.frames) {
                boolean isOpen = open.contains(frame.packetId()) || link.frames.indexOf(frame) >= taken;
                held = isOpen ? Math.min(held, frame.event().seq() - 1) : held;
            }
            int allHeld = held;
            assertThat(reported).allMatch(cursor -> cursor <= allHeld);
        }
    }

    private void acknowledge(int... frames) {
        for (int frame : frames) {
            session.acknowledged(link.packetId(frame));
        }
        bench.shard.run();
    }

    private static List<Integer> seqs(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }
}
