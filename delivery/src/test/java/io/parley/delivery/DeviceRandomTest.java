package io.parley.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random runs of one device. */
final class DeviceRandomTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final UserId ANN = UserId.parse("ann");
    /** The same in every build. */
    private static final int SEEDS = 150;
    /** Played by no build before. */
    private static final int NEW_SEEDS = 40;

    /**
     * Whatever comes in whatever order: no gap, no repeat, nothing beyond a removal, never more than the window, and the cursor never
     * beyond what is held.
     */
    @Test
    void any_order_of_events_acknowledgements_and_troubles_keeps_the_order() {
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

        private final Random random;
        private final DeliveryBench bench = new DeliveryBench();
        private final RecordedLink link;
        private final DeviceSession session;
        private final int start;
        private final List<Integer> open = new ArrayList<>();
        private int taken;
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
            link = new RecordedLink("ann/phone", 1 + random.nextInt(5));
            session = bench.connect(link);
            head = random.nextInt(20);
            start = random.nextInt(head + 1);
            stored = head / 2;
            quiet = random.nextInt(10);
            removal = random.nextInt(2 * STEPS);
            bench.store(CONVERSATION, 1, stored);
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
            for (int i = 0; link.seqs().size() < last - start; i++) {
                assertThat(i).as("rounds until everything has come").isLessThan(10 * STEPS);
                bench.shard.pass(DeliveryBench.LONGEST_RETRY_MILLIS);
                acknowledgeSome();
                check();
            }
            while (!open.isEmpty() || taken < link.frames.size()) {
                acknowledgeSome();
            }
            bench.shard.pass(DeliveryBench.TICK_MILLIS);
            check();
            assertThat(bench.node.behind()).isZero();
            if (last > start) {
                assertThat(bench.reported(CONVERSATION)).endsWith(last);
            }
        }

        private void step() {
            if (random.nextInt(10) >= quiet) {
                head += 1 + random.nextInt(2);
                bench.live(CONVERSATION, head, head);
                return;
            }
            switch (random.nextInt(6)) {
                case 0, 1 -> acknowledgeSome();
                case 2 -> store(random.nextBoolean() ? head : Math.min(head, stored + random.nextInt(4)));
                case 3, 4 -> bench.shard.pass(random.nextInt(300));
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

        private void store(int last) {
            bench.store(CONVERSATION, stored + 1, last);
            stored = Math.max(stored, last);
        }

        private void acknowledgeSome() {
            for (; taken < link.frames.size(); taken++) {
                open.add(link.packetId(taken));
            }
            for (int i = random.nextInt(open.size() + 1); i > 0; i--) {
                session.acknowledged(open.remove(random.nextInt(open.size())));
                bench.shard.run();
            }
        }

        private void check() {
            assertThat(link.seqs()).isEqualTo(DeliveryBench.seqs(start + 1, start + link.frames.size()));
            assertThat(start + link.frames.size())
                    .as("nothing beyond the removal")
                    .isLessThanOrEqualTo(end);
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
}
