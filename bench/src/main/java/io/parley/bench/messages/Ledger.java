package io.parley.bench.messages;

import io.parley.audit.Acknowledgement;
import io.parley.audit.Cut;
import io.parley.audit.Delivered;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Membership;
import io.parley.audit.Pointers;
import io.parley.audit.Recorder;
import io.parley.audit.Watch;
import io.parley.bench.measure.Glance;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Pace;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Receipt;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * When each message was due, and what came of it. Message k belongs to conversation {@code k mod conversations}; its id is
 * {@code run-k}. Latencies count from when the message was due, not from when the generator got round to it. A delivery is one to
 * another member than the sender; the sender's own echo is audited only. Thread-safe.
 */
final class Ledger {
    private final Load load;
    private final String run;
    private final List<Recorder> recorders;
    private final int[] senders;
    private final ConcurrentHistogram delivery = Latencies.empty();
    private final ConcurrentHistogram puback = Latencies.empty();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong latestNanos = new AtomicLong();
    private volatile Pace pace;

    Ledger(Load load, String run, List<ConversationId> conversations) {
        this.load = load;
        this.pace = Pace.of(load.ratePerSecond());
        this.run = run;
        this.recorders =
                conversations.stream().map(id -> new Recorder(id.value())).toList();
        this.senders = new int[load.messages()];
    }

    void joined(int conversation, String device, UserId user) {
        recorders.get(conversation).member(new Membership(user.value(), 1, Integer.MAX_VALUE));
        recorders.get(conversation).watch(new Watch(device, user.value(), 0));
        if (load.receipts()) {
            recorders.get(conversation).wantsReceipts(device);
        }
    }

    void start() {
        pace = Pace.of(load.ratePerSecond());
        latestNanos.set(pace.startNanos());
    }

    /** When message {@code k} is due, on {@link System#nanoTime}'s clock. */
    long dueNanos(int k) {
        return pace.dueNanos(k);
    }

    Pace pace() {
        return pace;
    }

    String messageId(int k) {
        return run + "-" + k;
    }

    void sending(int k, int device, UserId user, String text) {
        senders[k] = device;
        recorders.get(k % load.conversations()).sending(messageId(k), user.value(), Fingerprint.of(text));
    }

    void acknowledged(int k, boolean ok) {
        if (!ok) {
            refused.incrementAndGet();
            return;
        }
        accepted.incrementAndGet();
        if (k >= load.warmupMessages()) {
            Latencies.record(puback, System.nanoTime() - dueNanos(k));
        }
        recorders.get(k % load.conversations()).acknowledged(messageId(k));
    }

    void delivered(
            int device, int conversation, int connection, String name, UserId user, Glance glance, byte[] payload) {
        long nowNanos = System.nanoTime();
        Entry entry = new Entry(glance.seq(), glance.id(), "", 0, Fingerprint.of(payload));
        Recorder recorder = recorders.get(conversation);
        recorder.delivered(new Delivered(name, user.value(), connection, entry));
        // The device acknowledges as it calls: a moment before, or a moment after.
        recorder.acknowledgement(new Acknowledgement(name, connection, glance.seq(), nowNanos));
        latestNanos.set(nowNanos);
        int k = number(glance.id());
        if (k >= 0) {
            received.incrementAndGet();
            if (k >= load.warmupMessages() && senders[k] != device) {
                Latencies.record(delivery, nowNanos - dueNanos(k));
            }
        }
    }

    /** A device's connection has ended. */
    void cut(int conversation, int connection, String name) {
        recorders.get(conversation).cut(new Cut(name, connection, System.nanoTime()));
    }

    /** A device is about to say that everything up to {@code seq} was read. */
    void reading(int conversation, UserId user, int seq) {
        recorders.get(conversation).reading(user.value(), seq);
    }

    void told(int conversation, String device, Receipt receipt) {
        recorders
                .get(conversation)
                .told(device, receipt.getUser(), new Pointers(receipt.getDelivered(), receipt.getRead()));
    }

    /** Whether every device that wants receipts was told how far everybody has come. */
    boolean isEverybodyInformed() {
        return recorders.stream().allMatch(Recorder::isEverybodyInformed);
    }

    private int number(String id) {
        if (!id.startsWith(run + "-")) {
            return -1;
        }
        int k = Integer.parseInt(id.substring(run.length() + 1));
        return k < senders.length ? k : -1;
    }

    /** Whether every accepted message has come to every member, and every message has been answered. */
    boolean isComplete() {
        return accepted.get() + refused.get() >= load.messages() && received.get() >= accepted.get() * load.groupSize();
    }

    /**
     * How long nothing has come, in nanoseconds.
     *
     * @param nanos when waiting began, on {@link System#nanoTime}'s clock; what was quiet before does not count
     */
    long quietSince(long nanos) {
        return System.nanoTime() - Math.max(nanos, latestNanos.get());
    }

    /** From the first measured message's due time to the last delivery. */
    double measuredSeconds() {
        return Math.max(1e-3, (latestNanos.get() - dueNanos(load.warmupMessages())) / 1e9);
    }

    Histogram deliveryMicros() {
        return delivery;
    }

    Histogram pubackMicros() {
        return puback;
    }

    /** Messages that were refused or are not answered yet. */
    long notAccepted() {
        return load.messages() - accepted.get();
    }

    Recorder recorder(int conversation) {
        return recorders.get(conversation);
    }
}
