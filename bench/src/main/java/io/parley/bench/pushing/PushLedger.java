package io.parley.bench.pushing;

import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Pace;
import io.parley.bench.pushing.SinkFile.Accepted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * When each message was due, and which notifications of it were accepted. Message k belongs to conversation {@code k mod conversations}, whose members who are away
 * have the tokens of {@link #token}. What a token was not sent of a message is replaced if it was sent something newer, as a provider may do; else it is missing.
 */
final class PushLedger {
    private final PushLoad load;
    private final long run;
    private final Map<String, Integer> members = new HashMap<>();
    /** By member: the messages whose notifications were accepted. */
    private final BitSet[] accepted;

    private final ConcurrentHistogram latency = Latencies.empty();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private Pace pace;
    private long startMicros;
    private long repeated;
    private int came;
    private long latestMicros;

    /** @param run tells the tokens of this run from those of others */
    PushLedger(PushLoad load, long run) {
        this.load = load;
        this.run = run;
        this.accepted = new BitSet[load.conversations() * load.away()];
        for (int i = 0; i < accepted.length; i++) {
            accepted[i] = new BitSet();
            members.put(token(i), i);
        }
        this.pace = Pace.of(load.messagesPerSecond());
        this.startMicros = nowMicros();
    }

    /** In the form of Apple's: the token of the i-th user who is away; those of conversation c are {@code c * away} and the next. */
    String token(int i) {
        return String.format(Locale.ROOT, "%016x%048x", run, i);
    }

    Pace start() {
        pace = Pace.of(load.messagesPerSecond());
        startMicros = nowMicros();
        latestMicros = startMicros;
        return pace;
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** A PUBACK came, or a refusal. */
    void answered(boolean ok) {
        answered.incrementAndGet();
        if (!ok) {
            refused.incrementAndGet();
        }
    }

    /** Counterparts are asked by one thread. */
    void accepted(Accepted one) {
        Integer member = members.get(one.token());
        int k = member == null ? -1 : number(one.body());
        if (member == null || k < 0 || k >= load.messages()) {
            return;
        }
        latestMicros = Math.max(latestMicros, nowMicros());
        if (accepted[member].get(k)) {
            repeated++;
            return;
        }
        accepted[member].set(k);
        came++;
        if (k >= load.warmupMessages()) {
            long dueMicros = startMicros + TimeUnit.NANOSECONDS.toMicros(pace.dueNanos(k) - pace.startNanos());
            Latencies.record(latency, TimeUnit.MICROSECONDS.toNanos(one.atMicros() - dueMicros));
        }
    }

    /** The text begins with the message's number; in a group the sender comes before it. Negative: it is another's. */
    private static int number(String body) {
        String text = body.substring(body.lastIndexOf(": ") < 0 ? 0 : body.lastIndexOf(": ") + 2);
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == 0 || end > 9 ? -1 : Integer.parseInt(text.substring(0, end));
    }

    boolean isComplete() {
        return answered.get() >= load.messages() && came >= (load.messages() - refused.get()) * load.away();
    }

    long quietMillis() {
        return TimeUnit.MICROSECONDS.toMillis(nowMicros() - latestMicros);
    }

    int came() {
        return came;
    }

    long repeated() {
        return repeated;
    }

    int notAccepted() {
        return load.messages() - answered.get() + refused.get();
    }

    Histogram latencyMicros() {
        return latency;
    }

    /** Measured notifications that were not sent, because a newer one went instead. */
    long replaced() {
        return unsent(true);
    }

    /** Measured notifications that did not come, with nothing newer of their conversation. */
    long missing() {
        return unsent(false);
    }

    private long unsent(boolean newer) {
        long count = 0;
        for (int k = load.warmupMessages(); k < load.messages(); k++) {
            int first = k % load.conversations() * load.away();
            for (int member = first; member < first + load.away(); member++) {
                BitSet had = accepted[member];
                if (!had.get(k) && (had.nextSetBit(k + 1) >= 0) == newer) {
                    count++;
                }
            }
        }
        return count;
    }

    /** From the first measured message's due time to the last acceptance. */
    double measuredSeconds() {
        long firstMicros =
                startMicros + TimeUnit.NANOSECONDS.toMicros(pace.dueNanos(load.warmupMessages()) - pace.startNanos());
        return Math.max(1e-3, (latestMicros - firstMicros) / 1e6);
    }
}
