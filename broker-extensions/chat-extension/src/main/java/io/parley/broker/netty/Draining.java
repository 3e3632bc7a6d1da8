package io.parley.broker.netty;

import io.parley.gateway.delivering.DeliveryNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of a node's connections: whoever connects from then on is sent to another server (0x9C), and who is connected is so, some at a time, when
 * what they published is acknowledged.
 */
public final class Draining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

    /** What a device published is acknowledged by then, or is published again elsewhere. */
    static final long PATIENCE_MILLIS = 2_000;

    private static final long GRACE_MILLIS = PATIENCE_MILLIS + 1_000;
    private static final long PAUSE_MILLIS = 20;

    private final DeliveryNode node;
    private final Duration time;
    private final @Nullable String serverReference;
    private volatile boolean begun;

    /**
     * @param node whose connections they are
     * @param time over which they are spread
     * @param serverReference where devices are to connect, {@code host:port}; empty: they know
     */
    public Draining(DeliveryNode node, Duration time, String serverReference) {
        this.node = node;
        this.time = time;
        this.serverReference = serverReference.isEmpty() ? null : serverReference;
    }

    /** Whether no device is let in any more. */
    boolean hasBegun() {
        return begun;
    }

    /** What MQTT 5 calls Server Reference; null: none. */
    @Nullable
    String serverReference() {
        return serverReference;
    }

    /** Returns when no device is connected, or the time is over. */
    @Override
    public void close() {
        begun = true;
        int before = node.connected();
        long beginNanos = System.nanoTime();
        node.drain(time);
        long limitNanos = time.plusMillis(GRACE_MILLIS).toNanos();
        try {
            while (node.connected() > 0 && System.nanoTime() - beginNanos < limitNanos) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info(
                "drained connections={} left={} in {} ms",
                before,
                node.connected(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos));
    }
}
