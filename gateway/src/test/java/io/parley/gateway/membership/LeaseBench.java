package io.parley.gateway.membership;

import io.parley.protocol.SlotTable;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.SlotNote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A log of notes, and processes that want a slot; each has a clock of its own, and time passes when the test says so. */
final class LeaseBench {
    static final long TICK_MILLIS = 500;

    record Entry(SlotNote note, long millis) {}

    private record Append(SlotNote note, Consumer<Boolean> done) {}

    /** One process. */
    final class Candidate implements SlotLog {
        final String name;
        final SlotLease lease;
        private final Deque<Append> waiting = new ArrayDeque<>();
        private int read;
        /** What its clock of {@link System#nanoTime} shows differs from another's by hours. */
        private final long clockNanos;

        boolean stopped;
        boolean cutOff;
        boolean answersElsewhere;

        Candidate(String name, int slots, OptionalInt wish) {
            this.name = name;
            this.clockNanos = TimeUnit.HOURS.toNanos(processes.size());
            this.lease = new SlotLease(slots, wish, name, this, nanoTime());
        }

        long nanoTime() {
            return clockNanos + TimeUnit.MILLISECONDS.toNanos(nowMillis);
        }

        @Override
        public void append(SlotNote note, Consumer<Boolean> done) {
            waiting.add(new Append(note, done));
        }

        @Override
        public boolean answersElsewhere() {
            return answersElsewhere;
        }

        /** What it has said gets to the log. */
        void write() {
            for (Append append = waiting.poll(); append != null; append = waiting.poll()) {
                log.add(new Entry(append.note(), logMillis));
                append.done().accept(true);
            }
        }

        /** It reads all of the log. */
        void read() {
            for (; read < log.size(); read++) {
                Entry entry = log.get(read);
                lease.read(read, entry.millis(), entry.note(), nanoTime());
            }
            lease.caughtUp();
        }

        void turn() {
            if (stopped) {
                return;
            }
            if (!cutOff) {
                read();
            }
            lease.tick(nanoTime());
            if (!cutOff) {
                write();
            }
        }

        boolean acts() {
            return !stopped && lease.isHeld(nanoTime());
        }

        Node node() {
            return lease.node().orElseThrow();
        }
    }

    final List<Entry> log = new ArrayList<>();
    final List<Candidate> processes = new ArrayList<>();
    long nowMillis;
    /** By the log's clock. */
    long logMillis = 1_700_000_000_000L;

    Candidate start(String name, int slots, int wish) {
        return add(new Candidate(name, slots, wish < 0 ? OptionalInt.empty() : OptionalInt.of(wish)));
    }

    private Candidate add(Candidate process) {
        processes.add(process);
        return process;
    }

    void pass(long millis) {
        for (long i = 0; i < millis; i += TICK_MILLIS) {
            nowMillis += TICK_MILLIS;
            logMillis += TICK_MILLIS;
            processes.forEach(Candidate::turn);
        }
    }

    /** What a reader of all notes knows. */
    SlotTable table() {
        SlotTable table = new SlotTable();
        for (int i = 0; i < log.size(); i++) {
            table.read(i, log.get(i).millis(), log.get(i).note());
        }
        return table;
    }
}
