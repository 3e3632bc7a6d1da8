package io.parley.bench.connecting;

import io.parley.audit.Acknowledgement;
import io.parley.audit.Auditor;
import io.parley.audit.Cut;
import io.parley.audit.Delivered;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Membership;
import io.parley.audit.Recorder;
import io.parley.audit.Report;
import io.parley.audit.Watch;
import io.parley.bench.measure.Glance;
import io.parley.bench.measure.Latencies;
import io.parley.protocol.DeviceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What was sent to each device, and when it came. The id of message k is {@code run-k}. Thread-safe, but messages are numbered by one thread.
 */
final class ConnectLedger {
    /** For a message whose way is not measured. */
    static final long NOT_MEASURED = Long.MIN_VALUE;

    private final Cast cast;
    private final List<Recorder> recorders = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    /** Of each message: from when its way is measured. */
    private final AtomicLongArray fromNanos;
    /** Of each message: 1 when it has come. */
    private final AtomicIntegerArray came;
    /** Of each device: the messages that have not come. */
    private final AtomicIntegerArray missing;
    /** Of each device: when the last of them came. */
    private final AtomicLongArray completeNanos;

    /** Of each conversation: how many messages were sent. */
    private final AtomicIntegerArray sentTo;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicLong latestNanos = new AtomicLong(System.nanoTime());
    private final ConcurrentHistogram arrivals = Latencies.empty();

    /** @param messages that are sent at most */
    ConnectLedger(Cast cast, int messages) {
        this.cast = cast;
        this.fromNanos = new AtomicLongArray(messages);
        this.came = new AtomicIntegerArray(messages);
        this.sentTo = new AtomicIntegerArray(cast.conversations());
        this.missing = new AtomicIntegerArray(cast.devices());
        this.completeNanos = new AtomicLongArray(cast.devices());
        for (int c = 0; c < cast.conversations(); c++) {
            DeviceId device = cast.device(cast.deviceOf(c));
            Recorder recorder = new Recorder(cast.conversation(c).value());
            recorder.member(new Membership(device.user().value(), 1, Integer.MAX_VALUE));
            recorder.watch(new Watch(device.toString(), device.user().value(), 0));
            recorders.add(recorder);
            numbers.put(cast.conversation(c).value(), c);
        }
    }

    /**
     * The next message is about to be published.
     *
     * @param measuredFromNanos {@link System#nanoTime} from which its way is measured, or {@link #NOT_MEASURED}
     * @return its number
     */
    int sending(int conversation, String text, long measuredFromNanos) {
        int k = sent.getAndIncrement();
        fromNanos.set(k, measuredFromNanos);
        sentTo.incrementAndGet(conversation);
        outstanding.incrementAndGet();
        missing.incrementAndGet(cast.deviceOf(conversation));
        String from = cast.writer(cast.writerOf(conversation)).user().value();
        recorders.get(conversation).sending(messageId(k), from, Fingerprint.of(text));
        return k;
    }

    /** The number that the next message has. */
    int next() {
        return sent.get();
    }

    String messageId(int k) {
        return cast.run() + "-" + k;
    }

    void acknowledged(int conversation, int k, boolean ok) {
        answered.incrementAndGet();
        if (ok) {
            recorders.get(conversation).acknowledged(messageId(k));
        } else {
            refused.incrementAndGet();
        }
    }

    /** The number of a conversation's topic; -1 for a strange one. */
    int conversation(String topic) {
        String[] levels = topic.split("/", -1);
        return levels.length == 3 ? numbers.getOrDefault(levels[1], -1) : -1;
    }

    void delivered(int conversation, int connection, Glance glance, byte[] payload) {
        long nowNanos = System.nanoTime();
        int device = cast.deviceOf(conversation);
        DeviceId id = cast.device(device);
        Entry entry = new Entry(glance.seq(), glance.id(), "", 0, Fingerprint.of(payload));
        Recorder recorder = recorders.get(conversation);
        recorder.delivered(new Delivered(id.toString(), id.user().value(), connection, entry));
        // The client acknowledges as it calls: a moment before, or a moment after.
        recorder.acknowledgement(new Acknowledgement(id.toString(), connection, glance.seq(), nowNanos));
        latestNanos.set(nowNanos);
        int k = number(glance.id());
        if (k >= 0 && came.compareAndSet(k, 0, 1)) {
            if (fromNanos.get(k) != NOT_MEASURED) {
                Latencies.record(arrivals, nowNanos - fromNanos.get(k));
            }
            if (missing.decrementAndGet(device) == 0) {
                completeNanos.set(device, nowNanos);
            }
            outstanding.decrementAndGet();
        }
    }

    /** A device's connection has ended. */
    void cut(int device, int connection) {
        Cut cut = new Cut(cast.device(device).toString(), connection, System.nanoTime());
        int first = device * cast.conversationsEach();
        recorders.subList(first, first + cast.conversationsEach()).forEach(recorder -> recorder.cut(cut));
    }

    private int number(String id) {
        if (!id.startsWith(cast.run() + "-")) {
            return -1;
        }
        int k = Integer.parseInt(id.substring(cast.run().length() + 1));
        return k < sent.get() ? k : -1;
    }

    /** Whether every message has its PUBACK, or a refusal. */
    boolean isAnswered() {
        return answered.get() == sent.get();
    }

    /** Whether every message has come. */
    boolean isComplete() {
        return outstanding.get() == 0;
    }

    /** Messages that have not come. */
    int outstanding() {
        return outstanding.get();
    }

    boolean isComplete(int device) {
        return missing.get(device) == 0;
    }

    /** When the last message came to a device that is complete. */
    long completeNanos(int device) {
        return completeNanos.get(device);
    }

    /** Messages that were refused or are not answered yet. */
    int notAccepted() {
        return sent.get() - answered.get() + refused.get();
    }

    long quietMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - latestNanos.get());
    }

    /** From when each message's way is measured to when it came. */
    Histogram arrivalMicros() {
        return arrivals;
    }

    /** How many messages of a conversation the audit expects in its history: all that were sent, if all were accepted. */
    int expected(int conversation) {
        return notAccepted() == 0 ? sentTo.get(conversation) : 0;
    }

    /** What a conversation's device received, and what history shows of it. */
    Report audit(int conversation, List<Entry> history) {
        return Auditor.audit(recorders.get(conversation).finish(history));
    }
}
