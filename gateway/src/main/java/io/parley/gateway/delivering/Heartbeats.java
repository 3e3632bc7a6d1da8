package io.parley.gateway.delivering;

import io.parley.gateway.Loop;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Tells the engine every two seconds that the node lives; after ten seconds of silence the engine takes its devices for gone, in each partition by itself, and
 * says so when it hears the node again ({@link DeliveryNode#announceIfUnknown}). When the log took none for minutes, all connections are ended,
 * since deliveries may have gone from it unread: each device goes on at its cursor. A node that does not hold its slot any more is silent for ever.
 */
public final class Heartbeats {
    private static final long PERIOD_MILLIS = 2000;
    /** Less than deliveries are kept. */
    private static final long LOSS_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final DeliveryNode node;
    private final UserCommand alive;
    /** When the log last took a heartbeat, in each partition. */
    private final Map<Integer, Long> takenNanos = new ConcurrentHashMap<>();

    private final Loop loop;
    private final BooleanSupplier held;
    private final long startNanos;
    /** The longest time that a partition took no heartbeat, of those that take them again since the last beat. */
    private final AtomicLong silentNanos = new AtomicLong();

    /**
     * Heartbeats of that node; none yet.
     *
     * @param loop keeps the time
     * @param held whether the node holds its slot
     */
    public Heartbeats(DeliveryNode node, Loop loop, BooleanSupplier held) {
        this.node = node;
        this.held = held;
        this.loop = loop;
        this.startNanos = loop.nanoTime();
        this.alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node.node()))
                .build();
    }

    /** The first is sent at once, the others until the loop ends. */
    public void start() {
        loop.execute(this::beatOn);
    }

    private void beatOn() {
        if (!held.getAsBoolean()) {
            return;
        }
        loop.schedule(this::beatOn, PERIOD_MILLIS);
        beat();
    }

    /** Sends a heartbeat, and does what the answers to the earlier ones ask for: once, however many partitions they came from. */
    void beat() {
        if (silentNanos.getAndSet(0) > LOSS_NANOS) {
            node.closeAll();
        } else {
            node.announceIfUnknown();
        }
        node.log().appendToAllUsers(alive, this::taken);
    }

    private void taken(int partition) {
        long nowNanos = loop.nanoTime();
        Long before = takenNanos.put(partition, nowNanos);
        silentNanos.accumulateAndGet(nowNanos - (before == null ? startNanos : before), Math::max);
    }
}
