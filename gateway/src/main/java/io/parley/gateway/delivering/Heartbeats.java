package io.parley.gateway.delivering;

import io.parley.gateway.Loop;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the engine every two seconds that the node lives; after ten seconds of silence the engine takes its devices for gone, in each partition
 * by itself. When a partition has not heard the node for nearly so long, all connections are announced again; after minutes they are ended instead, since deliveries may
 * have gone from the log unread: each device goes on at its cursor.
 */
public final class Heartbeats {
    private static final long PERIOD_MILLIS = 2000;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(8);
    /** Less than deliveries are kept. */
    private static final long LOSS_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final DeliveryNode node;
    private final UserCommand alive;
    private final Map<Integer, Long> heardNanos = new ConcurrentHashMap<>();
    private final Loop loop;
    private final long startNanos;
    /** The longest time that a partition had not heard the node, of those that hear it again since the last beat. */
    private final AtomicLong silentNanos = new AtomicLong();

    /**
     * Heartbeats of that node; none yet.
     *
     * @param loop keeps the time
     */
    public Heartbeats(DeliveryNode node, Loop loop) {
        this.node = node;
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
        loop.schedule(this::beatOn, PERIOD_MILLIS);
        beat();
    }

    /** Sends a heartbeat, and does what the answers to the earlier ones ask for: once, however many partitions they came from. */
    void beat() {
        long longestNanos = silentNanos.getAndSet(0);
        if (longestNanos > LOSS_NANOS) {
            node.closeAll();
        } else if (longestNanos > SILENCE_NANOS) {
            node.announce();
        }
        node.log().appendToAllUsers(alive, this::heard);
    }

    private void heard(int partition) {
        long nowNanos = loop.nanoTime();
        Long before = heardNanos.put(partition, nowNanos);
        silentNanos.accumulateAndGet(nowNanos - (before == null ? startNanos : before), Math::max);
    }
}
