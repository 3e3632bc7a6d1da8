package io.parley.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process has opened, closed in reverse order when it stops: on SIGTERM, on Ctrl-C, or when a part reports that it cannot go
 * on. The whole stop is bounded in time; a closer that hangs is left behind.
 */
public final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private Duration stopLimit;
    private final Deque<Owned> owned = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private record Owned(String name, AutoCloseable closer) {}

    /**
     * An empty lifecycle.
     *
     * @param stopLimit how long all closers together may take
     */
    public Lifecycle(Duration stopLimit) {
        this.stopLimit = stopLimit;
    }

    /** Registers {@code part} to be closed at the stop and returns it. */
    public <T extends AutoCloseable> T own(String name, T part) {
        onStop(name, part);
        return part;
    }

    /** Registers something to do at the stop; the last registered runs first. */
    public synchronized void onStop(String name, AutoCloseable closer) {
        owned.push(new Owned(name, closer));
    }

    /** The stop may take so much longer: a part has something to do then that takes time. */
    public synchronized void allowMore(Duration time) {
        stopLimit = stopLimit.plus(time);
    }

    /** True from the moment on that the stop has begun. */
    public boolean isStopping() {
        return stopping.get();
    }

    /** Closes everything, the last registered first. Only the first call acts; every call returns when the stop is over. */
    public void stop() {
        if (stopping.compareAndSet(false, true)) {
            long deadlineNanos = System.nanoTime() + limit().toNanos();
            for (Owned next = next(); next != null; next = next()) {
                close(next, deadlineNanos - System.nanoTime());
            }
            stopped.countDown();
        }
        awaitStop();
    }

    private synchronized Duration limit() {
        return stopLimit;
    }

    /** Waits until the process has been stopped. */
    public void awaitStop() {
        boolean interrupted = false;
        while (true) {
            try {
                stopped.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Owned next() {
        return owned.poll();
    }

    private static void close(Owned part, long nanosLeft) {
        Thread closing = new Thread(() -> closeNow(part), "stop-" + part.name());
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            LOG.warn("part={} did not stop in time", part.name());
        }
    }

    private static void closeNow(Owned part) {
        try {
            part.closer().close();
        } catch (Exception e) {
            LOG.warn("part={} failed to stop", part.name(), e);
        }
    }
}
