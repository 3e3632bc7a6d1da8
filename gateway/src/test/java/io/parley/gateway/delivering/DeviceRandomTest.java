package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.SettledConversation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random runs of one device, over all connections of its session. */
final class DeviceRandomTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final String FILTER = "chat/" + CONVERSATION + "/msg";
    private static final UserId ANN = UserId.parse("ann");
    /** The same in every build. */
    private static final int SEEDS = 150;
    /** Played by no build before. */
    private static final int NEW_SEEDS = 40;

    /**
     * Whatever comes in whatever order: each connection goes on at the cursor, without gap or repeat, with nothing beyond a removal, never
     * with more than the window; the cursor is never beyond what is held; what an earlier connection was sent is marked. A connection says that it
     * has everything when it has, once, and at its end if not all was said by then.
     */
    @Test
    void any_order_of_events_acknowledgements_connections_and_troubles_keeps_the_order() {
        Long only = Long.getLong("seed");
        if (only != null) {
            play(only, only);
            return;
        }
        play(1, SEEDS);
        long first = new Random().nextLong(1L << 48);
        System.out.println(
                "new seeds of this build: " + first + " to " + (first + NEW_SEEDS - 1) + "; -Dseed=N repeats one");
        play(first, first + NEW_SEEDS - 1);
    }

    private static void play(long first, long last) {
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
        /** Beyond the cursor by so much, an interrupted session does not mark what was sent. */
        private static final int MARKED = 100;

        private final Random random;
        private final DeliveryBench bench = new DeliveryBench();
        private final int start;
        private RecordedLink link;
        private DeviceSession session;
        private int window;
        /** Where this connection began. */
        private int from;
        /** What earlier connections were sent, and what the device holds of it without a gap. */
        private int sentBefore;

        private int heldBefore;
        /** Whether the last words of some connection were late. */
        private boolean interrupted;

        /** What this connection said that its device has everything up to, and what those before it said. */
        private int saidSettled;

        private int saidBefore;
        /** The heads at which the device held everything. */
        private final Set<Integer> complete = new HashSet<>();

        private int head;
        private int stored;
        /** How often something else happens than a new event, of ten times. */
        private int quiet;
        /** Before which step the user is removed, if before any. */
        private final int removal;
        /** Where the user was removed. */
        private int end = Integer.MAX_VALUE;

        RandomRun(long seed) {
            random = new Random(seed);
            head = random.nextInt(20);
            start = random.nextInt(head + 1);
            from = start;
            sentBefore = start;
            heldBefore = start;
            stored = head / 2;
            quiet = random.nextInt(10);
            removal = random.nextInt(2 * STEPS);
            bench.store(CONVERSATION, 1, stored);
            link = newLink();
            session = bench.connect(link);
        }

        private RecordedLink newLink() {
            window = 1 + random.nextInt(5);
            return new RecordedLink("ann/phone", window);
        }

        void play() {
            bench.attach(session, CONVERSATION, 1, start, head);
            for (int i = 0; i < STEPS; i++) {
                if (i == removal) {
                    end = ++head;
                    bench.removal(CONVERSATION, end, ANN);
                    // The device may catch up with the removal before the next event comes.
                    quiet = 9;
                }
                step();
                check();
            }
            link.writable = true;
            bench.storeIsOut = false;
            store(head);
            session.writable();
            int last = Math.min(head, end);
            for (int i = 0; link.seqs().size() < last - from; i++) {
                assertThat(i).as("rounds until everything has come").isLessThan(10 * STEPS);
                bench.shard.pass(DeliveryBench.LONGEST_RETRY_MILLIS);
                acknowledgeSome();
                check();
            }
            while (link.frames.stream().anyMatch(link::isOpen)) {
                acknowledgeSome();
            }
            bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
            check();
            assertThat(bench.node.behind()).isZero();
            assertThat(cursor()).isEqualTo(last);
        }

        private void step() {
            if (random.nextInt(10) >= quiet) {
                head += 1 + random.nextInt(2);
                bench.live(CONVERSATION, head, head);
                return;
            }
            switch (random.nextInt(8)) {
                case 0, 1 -> acknowledgeSome();
                case 2 -> store(random.nextBoolean() ? head : Math.min(head, stored + random.nextInt(4)));
                case 3, 4 -> bench.shard.pass(random.nextInt(300));
                case 5 -> changeQos();
                case 6 -> connectAgain();
                default -> trouble();
            }
        }

        private void trouble() {
            bench.storeIsOut = random.nextInt(4) == 0;
            link.writable = random.nextInt(3) > 0;
            if (link.writable) {
                session.writable();
                bench.shard.run();
            }
        }

        private void changeQos() {
            if (end == Integer.MAX_VALUE) {
                bench.subscribe(session, FILTER, random.nextInt(2), permission -> {});
            }
        }

        /** The device comes again; the log may not take what the connection before it had to report until later. */
        private void connectAgain() {
            if (end < Integer.MAX_VALUE || random.nextInt(3) > 0) {
                return;
            }
            boolean late = random.nextInt(3) == 0;
            heldBefore = held();
            boolean hasAll = heldBefore == head && from + link.frames.size() == head;
            int leftBefore = bench.left().size();
            sentBefore = Math.max(sentBefore, from + link.frames.size());
            bench.logIsOut = late;
            session.disconnected(OptionalLong.empty());
            bench.shard.run();
            bench.logIsOut = false;
            interrupted |= late;
            theEndSettles(late, hasAll, leftBefore);
            from = cursor();
            link = newLink();
            session = bench.connect(
                    link,
                    false,
                    SessionOpened.newBuilder()
                            .setPresent(true)
                            .setSession(1)
                            .setInterrupted(late)
                            .addSubscriptions(DeliveryBench.options(FILTER, random.nextInt(2))));
            int sent = bench.reportedSent().stream().mapToInt(i -> i).max().orElse(0);
            bench.answer(
                    CONVERSATION,
                    DeliveryBench.positive(session, from, head).setSent(sent).setWildcard(true));
        }

        /** The log has it that what comes wakes the user machine; the user machine has it only from who has everything. */
        private void theEndSettles(boolean late, boolean hasAll, int leftBefore) {
            List<SettledConversation> left = bench.left();
            if (left.size() > leftBefore) {
                assertThat(hasAll).isTrue();
                assertThat(left.get(left.size() - 1).getSeq()).isEqualTo(head);
                assertThat(left).hasSize(leftBefore + 1);
            }
            List<Cursor> settlements = bench.settlements();
            if (!late && !interrupted) {
                assertThat(settlements).as("each connection settles").hasSizeGreaterThan(saidBefore);
                assertThat(settlements.get(settlements.size() - 1).getSettled())
                        .as("with all that it has")
                        .isEqualTo(heldBefore);
                assertThat(settlements.size() - saidBefore)
                        .as("once when it has caught up, and once at the end")
                        .isLessThanOrEqualTo(2);
            }
            saidBefore = settlements.size();
            saidSettled = saidBefore;
        }

        /** At most once while it lasts, with all that there is. */
        private void checkSettled() {
            List<Cursor> settlements = bench.settlements();
            if (settlements.size() > saidSettled && !interrupted) {
                assertThat(settlements.size()).isEqualTo(saidBefore + 1);
                // It may have waited for its turn, and more came.
                assertThat(complete)
                        .as("everything that there was, while the user was a member")
                        .contains(settlements.get(saidBefore).getSettled());
            }
            saidSettled = settlements.size();
        }

        /** Where the log says that the session stands. */
        private int cursor() {
            return bench.reported(CONVERSATION).stream().mapToInt(i -> i).max().orElse(start);
        }

        private void store(int last) {
            bench.store(CONVERSATION, stored + 1, last);
            stored = Math.max(stored, last);
        }

        private void acknowledgeSome() {
            List<Frame> open =
                    new ArrayList<>(link.frames.stream().filter(link::isOpen).toList());
            for (int i = random.nextInt(open.size() + 1); i > 0; i--) {
                link.acknowledge(open.remove(random.nextInt(open.size())));
                bench.shard.run();
            }
        }

        /** Up to where the device has everything, and has said so. */
        private int held() {
            int held = from + link.frames.size();
            for (Frame frame : link.frames) {
                held = link.isOpen(frame) ? Math.min(held, frame.event().seq() - 1) : held;
            }
            return Math.max(heldBefore, held);
        }

        private void check() {
            int sent = from + link.frames.size();
            assertThat(link.seqs()).isEqualTo(DeliveryBench.seqs(from + 1, sent));
            assertThat(sent).as("nothing beyond the removal").isLessThanOrEqualTo(end);
            assertThat(link.frames.stream().filter(link::isOpen).count()).isLessThanOrEqualTo(window);
            assertThat(cursor()).isLessThanOrEqualTo(held());
            if (held() == head && end == Integer.MAX_VALUE) {
                complete.add(head);
            }
            checkSettled();
            if (!interrupted) {
                assertThat(bench.reported(CONVERSATION)).isSorted().doesNotHaveDuplicates();
            }
            for (Frame frame : link.frames) {
                int seq = frame.event().seq();
                if (!interrupted) {
                    assertThat(frame.duplicate()).isEqualTo(seq > start && seq <= sentBefore);
                } else if (seq <= Math.min(sentBefore, from + MARKED)) {
                    assertThat(frame.duplicate()).as("%s is marked", seq).isTrue();
                }
            }
        }
    }
}
