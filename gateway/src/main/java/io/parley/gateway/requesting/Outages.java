package io.parley.gateway.requesting;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators that the log or the storage is out: one line in ten seconds, however many messages it concerns. */
public final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final AtomicLong saidNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    /**
     * Something could not be appended or read.
     *
     * @param part what is out, such as {@code log}
     */
    public void report(String part, Throwable failure) {
        long before = saidNanos.get();
        long now = System.nanoTime();
        if (now - before >= QUIET_NANOS && saidNanos.compareAndSet(before, now)) {
            LOG.warn("part={} is out, devices wait for it or are told so: {}", part, failure.toString());
        }
    }
}
