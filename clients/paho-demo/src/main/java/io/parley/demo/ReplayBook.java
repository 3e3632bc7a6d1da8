package io.parley.demo;

import io.parley.audit.Acknowledgement;
import io.parley.audit.Cut;
import io.parley.audit.Delivered;
import io.parley.audit.Fingerprint;
import io.parley.audit.Goodbye;
import io.parley.audit.Membership;
import io.parley.audit.Pointers;
import io.parley.audit.Recorder;
import io.parley.audit.Recording;
import io.parley.audit.Watch;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Receipt;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/** What happens during a replay: the audit's recording, and when each line was said and came last. Thread-safe. */
final class ReplayBook {
    private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

    private final ConversationId conversation;
    private final ReplayChanges changes;
    private final ReplayCompany company = new ReplayCompany();
    private final Recorder recorder;
    private final AtomicLongArray saidNanos;
    private final AtomicLongArray lastNanos;
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong latestNanos = new AtomicLong(System.nanoTime());
    private final AtomicInteger lostConnections = new AtomicInteger();
    private final AtomicInteger unreadable = new AtomicInteger();
    private final AtomicInteger head = new AtomicInteger();

    ReplayBook(ConversationId conversation, String run, int lines) {
        this.conversation = conversation;
        this.changes = new ReplayChanges(run);
        this.recorder = new Recorder(conversation.value());
        this.saidNanos = new AtomicLongArray(lines);
        this.lastNanos = new AtomicLongArray(lines);
    }

    ConversationId conversation() {
        return conversation;
    }

    /** What becomes of the lines. */
    ReplayChanges changes() {
        return changes;
    }

    /** Who is there and who types. */
    ReplayCompany company() {
        return company;
    }

    void joined(DeviceId device, boolean isCurious) {
        if (isCurious) {
            recorder.wantsReceipts(device.toString());
        }
        recorder.member(new Membership(device.user().value(), 1, Integer.MAX_VALUE));
        recorder.watch(new Watch(device.toString(), device.user().value(), 0));
    }

    /** A change is about to be published. */
    void changing(String id, UserId from) {
        recorder.sending(id, from.value(), 0);
    }

    void sending(int line, UserId from, String text) {
        recorder.sending(changes.messageId(line), from.value(), Fingerprint.of(text));
        saidNanos.set(line, System.nanoTime());
    }

    void acknowledged(String id) {
        recorder.acknowledged(id);
    }

    void delivered(Delivered delivery, boolean away, long nowNanos) {
        recorder.delivered(delivery);
        deliveries.incrementAndGet();
        latestNanos.set(nowNanos);
        head.accumulateAndGet(delivery.entry().seq(), Math::max);
        int line = changes.line(delivery.entry().id());
        // What a member missed while away comes minutes later by intent: it is audited, but no latency.
        if (!away && line >= 0) {
            lastNanos.accumulateAndGet(line, nowNanos, (one, other) -> one == 0 || other - one > 0 ? other : one);
        }
    }

    /** A device has acknowledged everything that came on a connection up to an entry. */
    void acknowledged(DeviceId device, int connection, int seq) {
        recorder.acknowledgement(new Acknowledgement(device.toString(), connection, seq, System.nanoTime()));
    }

    /** A connection has ended, in whatever way. */
    void cut(DeviceId device, int connection) {
        recorder.cut(new Cut(device.toString(), connection, System.nanoTime()));
    }

    /** A connection has ended in order, and its node lives. */
    void goodbye(Goodbye goodbye) {
        recorder.goodbye(goodbye);
    }

    /** The newest seq that anybody has. */
    int head() {
        return head.get();
    }

    void reading(DeviceId device, int seq) {
        recorder.reading(device.user().value(), seq);
    }

    void told(DeviceId device, Receipt receipt) {
        recorder.told(device.toString(), receipt.getUser(), new Pointers(receipt.getDelivered(), receipt.getRead()));
        told.incrementAndGet();
    }

    /** Whether those who want receipts were told how far everybody has come. */
    boolean isEverybodyInformed() {
        return recorder.isEverybodyInformed();
    }

    /** How many pointers were told. */
    long told() {
        return told.get();
    }

    void unreadable(String what) {
        unreadable.incrementAndGet();
    }

    void lostConnection() {
        lostConnections.incrementAndGet();
    }

    int unreadableCount() {
        return unreadable.get();
    }

    int lostConnections() {
        return lostConnections.get();
    }

    long deliveries() {
        return deliveries.get();
    }

    /** How long ago the last delivery was. */
    long quietMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - latestNanos.get());
    }

    /** Microseconds from a line's publish to its last delivery among those who were online throughout. */
    Histogram latencyMicros() {
        Histogram histogram = new Histogram(MOST_MICROS, 3);
        for (int line = 0; line < saidNanos.length(); line++) {
            long last = lastNanos.get(line);
            if (last != 0) {
                long micros = TimeUnit.NANOSECONDS.toMicros(last - saidNanos.get(line));
                histogram.recordValue(Math.max(0, Math.min(micros, MOST_MICROS)));
            }
        }
        return histogram;
    }

    Recording finish(List<ChatEvent> history) {
        return recorder.finish(history.stream().map(changes::stored).toList());
    }
}
