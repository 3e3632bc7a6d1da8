package io.parley.bench.peers.load;

import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Pace;
import io.parley.bench.peers.report.Tally;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * When each message of one load was due, and what came of it. Message {@code k} has the id {@code prefix + k}; a message of another load is
 * ignored. Latencies count from when a message was due. Thread-safe.
 */
final class Accounting {
    private final String prefix;
    private final Route route;
    private final int messages;
    private final Pace pace;
    private final ConcurrentHistogram delivery = Latencies.empty();
    private final ConcurrentHistogram acknowledgement = Latencies.empty();
    private final BitSet acknowledged = new BitSet();
    private final Map<Integer, Received> receivers = new HashMap<>();
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong latestNanos = new AtomicLong();
    private volatile int sent;

    /** What one receiver has. */
    private static final class Received {
        private final BitSet seen = new BitSet();
        private final Map<Integer, Integer> highest = new HashMap<>();
        private long doubled;
        private long outOfOrder;

        /** Returns whether it is the first time. */
        private synchronized boolean add(int k, int sender) {
            if (seen.get(k)) {
                doubled++;
                return false;
            }
            seen.set(k);
            int before = highest.getOrDefault(sender, -1);
            if (k < before) {
                outOfOrder++;
            }
            highest.put(sender, Math.max(before, k));
            return true;
        }
    }

    /**
     * Begins now.
     *
     * @param prefix of the ids, such as {@code a7-}
     * @param messages at most
     */
    Accounting(String prefix, Route route, int messages, int perSecond) {
        this.prefix = prefix;
        this.route = route;
        this.messages = messages;
        this.pace = Pace.of(perSecond);
        this.latestNanos.set(pace.startNanos());
        for (int receiver : route.receivers()) {
            receivers.put(receiver, new Received());
        }
    }

    String prefix() {
        return prefix;
    }

    String id(int k) {
        return prefix + k;
    }

    Pace pace() {
        return pace;
    }

    /** Messages up to {@code k} have been given to clients. */
    void sent(int k) {
        sent = k + 1;
    }

    void acknowledged(String id) {
        int k = number(id);
        if (k < 0) {
            return;
        }
        long nowNanos = System.nanoTime();
        synchronized (acknowledged) {
            if (acknowledged.get(k)) {
                return;
            }
            acknowledged.set(k);
        }
        latestNanos.set(nowNanos);
        Latencies.record(acknowledgement, nowNanos - pace.dueNanos(k));
    }

    void received(int account, String id) {
        int k = number(id);
        Received received = receivers.get(account);
        // The sender of a message to a group is sent it, too.
        if (k < 0 || received == null || route.sender(k) == account) {
            return;
        }
        long nowNanos = System.nanoTime();
        latestNanos.set(nowNanos);
        if (received.add(k, route.sender(k))) {
            deliveries.incrementAndGet();
            Latencies.record(delivery, nowNanos - pace.dueNanos(k));
        }
    }

    private int number(String id) {
        if (!id.startsWith(prefix)) {
            return -1;
        }
        int k = Integer.parseInt(id.substring(prefix.length()));
        return k < messages ? k : -1;
    }

    /** Deliveries that are still to come for what was sent. */
    long outstanding() {
        return (long) sent * route.deliveriesEach() - deliveries.get();
    }

    /** Messages without an acknowledgement. */
    long unacknowledged() {
        synchronized (acknowledged) {
            return (long) sent - acknowledged.cardinality();
        }
    }

    boolean isComplete() {
        return outstanding() <= 0 && unacknowledged() <= 0;
    }

    /** How long nothing has come, in nanoseconds. */
    long quietNanos() {
        return System.nanoTime() - latestNanos.get();
    }

    /** From the beginning to the last thing that came. */
    double seconds() {
        return Math.max(1e-3, (latestNanos.get() - pace.startNanos()) / 1e9);
    }

    long deliveries() {
        return deliveries.get();
    }

    Histogram deliveryMicros() {
        return delivery;
    }

    Histogram acknowledgementMicros() {
        return acknowledgement;
    }

    Tally tally() {
        BitSet accepted;
        synchronized (acknowledged) {
            accepted = (BitSet) acknowledged.clone();
        }
        long missing = 0;
        long doubled = 0;
        long outOfOrder = 0;
        for (Map.Entry<Integer, Received> entry : receivers.entrySet()) {
            Received received = entry.getValue();
            synchronized (received) {
                doubled += received.doubled;
                outOfOrder += received.outOfOrder;
                for (int k = accepted.nextSetBit(0); k >= 0; k = accepted.nextSetBit(k + 1)) {
                    if (route.isFor(k, entry.getKey()) && !received.seen.get(k)) {
                        missing++;
                    }
                }
            }
        }
        return new Tally(sent, accepted.cardinality(), missing, doubled, outOfOrder);
    }
}
