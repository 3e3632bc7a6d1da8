package io.parley.gateway.membership;

import io.parley.protocol.SlotTable;
import io.parley.protocol.SlotTable.Lease;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.SlotNote;
import io.parley.protocol.log.SlotNote.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to a slot, and its lease of it:
 *
 * <pre>
 * SEEKING ──its TAKE counted──▶ HELD ──────▶ LOST
 * </pre>
 *
 * <p>While it seeks and no slot is free, it doubts those whose holders are silent. The holder of the lowest slot doubts them, too, so that leases of
 * dead nodes end even if nobody needs their slots. A lease is lost when the log says so, when this process stood still for as long as others wait for
 * a renewal, or when it cannot reach the notes while it reaches other topics. It is never regained: the process takes a slot anew.
 *
 * <p>Not for several threads.
 */
public final class SlotLease {
    /** Between two renewals, and between two doubts. */
    public static final long PERIOD_MILLIS = 2_000;

    /** Others need as long to end a lease: {@link SlotTable#DOUBTS} doubts. */
    static final long STANDSTILL_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS * SlotTable.DOUBTS);

    /** A holder whose renewals do not come back for so long, while the log answers elsewhere, gives up. */
    static final long UNCONFIRMED_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
    /** A holder that was not heard in so many periods is silent. */
    private static final int SILENT_PERIODS = 2;
    /** While so many notes are on their way, there is no use for another one. */
    private static final int MOST_UNREAD = 3;

    private record Silence(long renewed, int periods) {}

    private final SlotTable table = new SlotTable();
    private final Map<Integer, Silence> silences = new HashMap<>();
    private final AtomicInteger unread = new AtomicInteger();
    private final int slots;
    private final OptionalInt wish;
    private final String process;
    private final SlotLog log;

    private boolean caughtUp;
    private boolean wishTried;
    /** Whether it is not known yet what became of a note to take a slot. */
    private volatile boolean taking;

    private @Nullable Node node;
    private @Nullable String lost;
    private long tickedNanos;
    private long periodNanos;
    /** When it was last known that the notes can be reached, or that nothing of the log can. */
    private long confirmedNanos;

    /**
     * A process that has no slot yet.
     *
     * @param slots how many there are
     * @param wish the slot that is taken if it is free
     * @param process a name that no other process has
     * @param nowNanos the time, as {@link System#nanoTime}
     */
    public SlotLease(int slots, OptionalInt wish, String process, SlotLog log, long nowNanos) {
        this.slots = slots;
        this.wish = wish;
        this.process = process;
        this.log = log;
        this.tickedNanos = nowNanos;
        this.periodNanos = nowNanos - PERIOD_NANOS;
    }

    /** All notes that were in the log when this process began to read it have been read. */
    public void caughtUp() {
        caughtUp = true;
    }

    /**
     * Reads the next note of the log, this process's own ones included.
     *
     * @param millis when the log took it, by the log's clock
     */
    public void read(long offset, long millis, SlotNote note, long nowNanos) {
        table.read(offset, millis, note);
        if (note.getProcess().equals(process)) {
            unread.updateAndGet(count -> Math.max(0, count - 1));
            confirmedNanos = nowNanos;
            if (note.getKind() == Kind.TAKE) {
                taken(note.getSlot(), offset);
            }
        }
        Node held = node;
        if (held != null && lost == null && table.isEnded(held.getSlot(), held.getEpoch())) {
            lose("the lease of slot " + held.getSlot() + " is over: other nodes had not heard of this one");
        }
    }

    /** A note of this process to take a slot was read: it counted or not. */
    private void taken(int slot, long offset) {
        taking = false;
        Optional<Lease> lease = table.lease(slot).filter(one -> one.renewed() == offset);
        if (lease.isEmpty()) {
            return;
        }
        if (node == null && lost == null) {
            node = Node.newBuilder().setSlot(slot).setEpoch(lease.get().epoch()).build();
        } else {
            // An earlier try, of which it was not known whether the log had it.
            say(Kind.RELEASE, slot, lease.get().epoch());
        }
    }

    /** Called several times a second. */
    public void tick(long nowNanos) {
        if (node != null && !isHeld(nowNanos)) {
            return;
        }
        tickedNanos = nowNanos;
        boolean period = nowNanos - periodNanos >= PERIOD_NANOS;
        Node held = node;
        if (held == null) {
            seek(period);
        } else if (period) {
            keep(held, nowNanos);
        }
        if (period) {
            periodNanos = nowNanos;
        }
    }

    private void seek(boolean period) {
        if (!caughtUp || taking || lost != null) {
            return;
        }
        OptionalInt free = free();
        if (free.isPresent()) {
            taking = true;
            say(Kind.TAKE, free.getAsInt(), 0);
        } else if (period) {
            doubtTheSilent(unread.get() == 0);
        }
    }

    private OptionalInt free() {
        if (wish.isPresent() && wish.getAsInt() < slots && !wishTried) {
            wishTried = true;
            if (table.isFree(wish.getAsInt())) {
                return wish;
            }
        }
        for (int slot = 0; slot < slots; slot++) {
            if (table.isFree(slot)) {
                return OptionalInt.of(slot);
            }
        }
        return OptionalInt.empty();
    }

    private void keep(Node held, long nowNanos) {
        if (!log.answersElsewhere()) {
            // After an outage of all of Kafka, some of it answers first.
            confirmedNanos = nowNanos;
        }
        if (nowNanos - confirmedNanos > UNCONFIRMED_NANOS) {
            lose("the lease of slot " + held.getSlot() + " could not be renewed for "
                    + TimeUnit.NANOSECONDS.toSeconds(nowNanos - confirmedNanos) + " s, although Kafka answers");
            return;
        }
        // Who waits for the log knows nothing of others.
        boolean doubting = unread.get() == 0 && isLowest(held.getSlot());
        if (unread.get() < MOST_UNREAD) {
            say(Kind.RENEW, held.getSlot(), held.getEpoch());
        }
        doubtTheSilent(doubting);
    }

    private boolean isLowest(int slot) {
        return table.leases().stream().noneMatch(lease -> lease.slot() < slot && !isSilent(lease));
    }

    private boolean isSilent(Lease lease) {
        Silence silence = silences.get(lease.slot());
        return silence != null && silence.renewed() == lease.renewed() && silence.periods() >= SILENT_PERIODS;
    }

    /** Counts for how many periods holders have been silent. */
    private void doubtTheSilent(boolean aloud) {
        for (Lease lease : table.leases()) {
            Silence before = silences.get(lease.slot());
            int periods = before == null || before.renewed() != lease.renewed() ? 0 : before.periods() + 1;
            silences.put(lease.slot(), new Silence(lease.renewed(), periods));
            if (aloud && periods >= SILENT_PERIODS && !lease.process().equals(process)) {
                say(Kind.DOUBT, lease.slot(), lease.epoch());
            }
        }
    }

    /** The holder ends it. */
    public void release() {
        Node held = node;
        if (held != null) {
            lose("the lease of slot " + held.getSlot() + " was released");
            say(Kind.RELEASE, held.getSlot(), held.getEpoch());
        }
    }

    private void say(Kind kind, int slot, long epoch) {
        unread.incrementAndGet();
        SlotNote note = SlotNote.newBuilder()
                .setKind(kind)
                .setSlot(slot)
                .setProcess(process)
                .setEpoch(epoch)
                .build();
        log.append(note, accepted -> {
            if (!accepted) {
                unread.updateAndGet(count -> Math.max(0, count - 1));
                if (kind == Kind.TAKE) {
                    taking = false;
                }
            }
        });
    }

    private void lose(String why) {
        if (lost == null) {
            lost = why;
        }
    }

    /** The node that this process is, once it has a slot. */
    public Optional<Node> node() {
        return Optional.ofNullable(node);
    }

    /** Whether this process may act as that node now. Once false, it stays false. */
    public boolean isHeld(long nowNanos) {
        if (node != null && nowNanos - tickedNanos > STANDSTILL_NANOS) {
            lose("this process stood still for " + TimeUnit.NANOSECONDS.toSeconds(nowNanos - tickedNanos)
                    + " s; others may have slot " + node.getSlot() + " by now");
        }
        return node != null && lost == null;
    }

    /** Why the lease is lost, if it is. */
    public Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    /** How many slots are held, by whatever process. */
    public int heldSlots() {
        return table.leases().size();
    }
}
