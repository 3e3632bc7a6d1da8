package io.parley.bench.connecting;

import io.parley.bench.measure.Latencies;
import java.util.BitSet;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long the CONNACKs of devices that come back took. Thread-safe. */
final class ConnectTimes {
    private final Tally tally = new Tally();
    private final ConcurrentHistogram fromDue = Latencies.empty();
    private final ConcurrentHistogram fromAttempt = Latencies.empty();
    private final BitSet connected = new BitSet();
    private long measuredFromNanos;
    private long firstNanos;
    private long lastNanos;

    /** Only connects that are due from then on are measured; until this is called, all. */
    synchronized void measureFrom(long nanos) {
        measuredFromNanos = nanos;
    }

    /**
     * A CONNACK has come.
     *
     * @param dueNanos when the device had to connect, on {@link System#nanoTime}'s clock like the others
     * @param attemptNanos when it tried for the last time
     * @param nowNanos when the CONNACK came
     */
    synchronized void connected(int device, long dueNanos, long attemptNanos, long nowNanos) {
        if (dueNanos - measuredFromNanos < 0) {
            return;
        }
        if (connected.isEmpty()) {
            firstNanos = nowNanos;
        }
        connected.set(device);
        lastNanos = nowNanos;
        Latencies.record(fromDue, nowNanos - dueNanos);
        Latencies.record(fromAttempt, nowNanos - attemptNanos);
    }

    Tally tally() {
        return tally;
    }

    /** Devices that have connected at least once. */
    synchronized int devices() {
        return connected.cardinality();
    }

    /** When the first of them had its CONNACK; meaningless while there is none. */
    synchronized long firstNanos() {
        return firstNanos;
    }

    /** When the last of them had its CONNACK; meaningless while there is none. */
    synchronized long lastNanos() {
        return lastNanos;
    }

    /** From when a device had to connect to its CONNACK. */
    Histogram fromDueMicros() {
        return fromDue;
    }

    /** From when a device began its last attempt, the TCP connection included, to its CONNACK. */
    Histogram fromAttemptMicros() {
        return fromAttempt;
    }
}
