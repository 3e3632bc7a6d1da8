package io.parley.protocol;

import io.parley.protocol.log.SlotNote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which slot. It follows from the notes in {@link LogTopics#NODES} and their order alone, so every reader comes to the same answer, and no
 * process's clock matters:
 *
 * <ul>
 *   <li>a slot is free if nobody held it, or its lease has ended, or is five minutes old;
 *   <li>the first process that takes a free slot holds it. The epoch of the lease follows from the note's offset, so it is greater than all before;
 *   <li>a lease ends for good when its holder releases it, or when {@value #DOUBTS} doubts of one process come with no renewal in between;
 *   <li>a lease that was not renewed for five minutes of the log's time ends when another process takes the slot. Until then it can be renewed, so that
 *       an outage of the log, or a clock of Kafka that is set, ends no lease.
 * </ul>
 *
 * <p>Notes are deleted after an hour. A reader that begins in the middle of the log does not know which notes before it counted; what it learned from
 * the first five minutes is corrected by renewals, and a renewal of a later lease always counts. Not for several threads.
 */
public final class SlotTable {
    /** So many doubts of one process, with no renewal in between, end a lease. */
    public static final int DOUBTS = 5;

    /** As long as a node may be without the log before it ends its connections, and much less than notes are kept. */
    static final long LONGEST_MILLIS = 300_000;

    /** Nodes used to take epochs from their clocks, in milliseconds. All of those are less. */
    static final long FIRST_EPOCH = 1L << 42;

    /**
     * A lease that is not over.
     *
     * @param epoch greater than that of every earlier lease
     * @param process who holds it
     * @param renewed the offset of its newest note
     */
    public record Lease(int slot, long epoch, String process, long renewed) {}

    private static final class State {
        private final Map<String, Integer> doubts = new HashMap<>();
        private Lease lease;
        private long renewedMillis;
        private boolean over;
        /** Notes that this reader has not seen may say something else. */
        private boolean uncertain;

        private State(Lease lease, long millis, boolean uncertain) {
            this.lease = lease;
            this.renewedMillis = millis;
            this.uncertain = uncertain;
        }
    }

    private final Map<Integer, State> slots = new TreeMap<>();
    private boolean begun;
    private boolean whole;
    private long firstMillis;
    private long nowMillis;

    /**
     * Reads the next note.
     *
     * @param offset its place in the log
     * @param millis when the log took it, by the log's clock, epoch milliseconds
     */
    public void read(long offset, long millis, SlotNote note) {
        if (!begun) {
            begun = true;
            whole = offset == 0;
            firstMillis = millis;
        }
        nowMillis = millis;
        int slot = note.getSlot();
        State state = slots.get(slot);
        switch (note.getKind()) {
            case TAKE -> {
                if (isFree(slot)) {
                    Lease lease = new Lease(slot, FIRST_EPOCH + offset, note.getProcess(), offset);
                    slots.put(slot, new State(lease, millis, isBeginning()));
                }
            }
            case RENEW -> renew(state, offset, note);
            case RELEASE -> {
                if (state != null && isMeant(state, note)) {
                    state.over = true;
                }
            }
            case DOUBT -> {
                if (state != null
                        && isMeant(state, note)
                        && state.doubts.merge(note.getProcess(), 1, Integer::sum) >= DOUBTS) {
                    state.over = true;
                }
            }
            case KIND_UNSPECIFIED, UNRECOGNIZED -> {
                // Of a later version.
            }
        }
    }

    private void renew(@Nullable State state, long offset, SlotNote note) {
        Lease lease = new Lease(note.getSlot(), note.getEpoch(), note.getProcess(), offset);
        boolean later = state != null && state.lease.epoch() < note.getEpoch();
        if (state == null || later || (state.uncertain && !isMeant(state, note))) {
            slots.put(note.getSlot(), new State(lease, nowMillis, isBeginning()));
        } else if (isMeant(state, note) && !state.over) {
            state.lease = lease;
            state.renewedMillis = nowMillis;
            state.uncertain = false;
            state.doubts.clear();
        }
    }

    private static boolean isMeant(State state, SlotNote note) {
        return state.lease.epoch() == note.getEpoch();
    }

    private boolean isBeginning() {
        return !whole && nowMillis - firstMillis <= LONGEST_MILLIS;
    }

    /** Whether a process that takes the slot now holds it. */
    public boolean isFree(int slot) {
        State state = slots.get(slot);
        return state == null || isOver(state);
    }

    private boolean isOver(State state) {
        return state.over || nowMillis - state.renewedMillis > LONGEST_MILLIS;
    }

    /** The lease of the slot, if it is not free. */
    public Optional<Lease> lease(int slot) {
        State state = slots.get(slot);
        return state == null || isOver(state) ? Optional.empty() : Optional.of(state.lease);
    }

    /** All leases that are not over, by slot. */
    public List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        slots.keySet().forEach(slot -> lease(slot).ifPresent(leases::add));
        return leases;
    }

    /** Whether that lease can be renewed no more, as far as this reader knows. */
    public boolean isEnded(int slot, long epoch) {
        State state = slots.get(slot);
        return state != null && (state.lease.epoch() > epoch || (state.lease.epoch() == epoch && state.over));
    }

    /** Whether that life of a node has certainly ended. False as long as that is not known. */
    public boolean isOver(int slot, long epoch) {
        State state = slots.get(slot);
        if (state == null) {
            boolean told = begun && (whole || nowMillis - firstMillis > LONGEST_MILLIS);
            return told && epoch >= FIRST_EPOCH;
        }
        return (!state.uncertain || !isBeginning()) && isEnded(slot, epoch);
    }
}
