package io.parley.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Connects again after the connection was lost: about a second later, then after twice as long each time, half a minute at most. A device
 * whose place another connection has taken stays offline: two that both came back would cut each other off for ever. Thread-safe;
 * {@link #tick} is for one thread.
 */
final class Reconnection {
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();

    /** Connects and subscribes. */
    interface Attempt {
        void run() throws DeviceException;
    }

    private enum State {
        ONLINE,
        OFFLINE,
        REPLACED
    }

    private final Attempt attempt;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;
    private State state = State.ONLINE;
    private String reason = "";
    private int losses;
    private long delayNanos;
    private long nextNanos;

    /** @param random from 0 to 1: clients that lost their node at the same time do not come back at the same time */
    Reconnection(Attempt attempt, LongSupplier nanoClock, DoubleSupplier random) {
        this.attempt = attempt;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    synchronized boolean isOnline() {
        return state == State.ONLINE;
    }

    /** The connection has ended. */
    synchronized void lost(String why) {
        losses++;
        reason = why;
        if (state == State.ONLINE) {
            state = State.OFFLINE;
            delayNanos = FIRST_NANOS;
            plan();
        }
    }

    /** Another connection of this device has taken the place of ours. */
    synchronized void replaced() {
        losses++;
        state = State.REPLACED;
    }

    /** Tries to connect if it is time to; true if it has. */
    boolean tick() {
        int lossesBefore;
        synchronized (this) {
            if (state != State.OFFLINE || nanoClock.getAsLong() - nextNanos < 0) {
                return false;
            }
            lossesBefore = losses;
        }
        try {
            attempt.run();
        } catch (DeviceException e) {
            failed(String.valueOf(e.getMessage()));
            return false;
        }
        return connected(lossesBefore);
    }

    private synchronized boolean connected(int lossesBefore) {
        if (losses != lossesBefore) {
            // It was lost again before it was known to be there.
            plan();
            return false;
        }
        state = State.ONLINE;
        return true;
    }

    private synchronized void failed(String why) {
        reason = why;
        delayNanos = Math.min(LONGEST_NANOS, delayNanos * 2);
        plan();
    }

    private void plan() {
        nextNanos = nanoClock.getAsLong() + (long) (delayNanos * (0.5 + random.getAsDouble() / 2));
    }

    /** What is to be said about it; empty while online. */
    synchronized String describe() {
        return switch (state) {
            case ONLINE -> "";
            case OFFLINE -> "offline (" + reason + "), next try in " + secondsLeft() + " s";
            case REPLACED -> "offline: this device is connected elsewhere; /quit here, or use another --device";
        };
    }

    private long secondsLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(nextNanos - nanoClock.getAsLong() + FIRST_NANOS - 1));
    }
}
