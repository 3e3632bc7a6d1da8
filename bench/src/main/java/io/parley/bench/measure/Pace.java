package io.parley.bench.measure;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When things are due that happen so many times a second.
 *
 * @param startNanos when number 0 is due, on {@link System#nanoTime}'s clock
 * @param perSecond 1 or more
 */
public record Pace(long startNanos, int perSecond) {

    /** From now on. */
    public static Pace of(int perSecond) {
        return new Pace(System.nanoTime(), perSecond);
    }

    /** When number {@code k} is due, on the same clock. */
    public long dueNanos(long k) {
        return startNanos + TimeUnit.SECONDS.toNanos(1) * k / perSecond;
    }

    /** Returns when number {@code k} is due, at once when that is over. */
    public void await(long k) {
        long waitNanos = dueNanos(k) - System.nanoTime();
        while (waitNanos > 0) {
            LockSupport.parkNanos(waitNanos);
            waitNanos = dueNanos(k) - System.nanoTime();
        }
    }
}
