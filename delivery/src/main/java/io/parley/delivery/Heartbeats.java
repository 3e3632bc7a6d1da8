package io.parley.delivery;

import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells the engine every two seconds that the node lives; after ten seconds of silence the engine takes its devices for gone, in each partition
 * by itself. When a partition has not heard the node for nearly so long, all connections are announced again; after minutes they are ended instead, since deliveries may
 * have gone from the log unread: each device goes on at its cursor.
 */
public final class Heartbeats implements AutoCloseable {
    private static final long PERIOD_SECONDS = 2;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(8);
    /** Less than deliveries are kept. */
    private static final long LOSS_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final DeliveryNode node;
    private final UserCommand alive;
    private final Map<Integer, Long> heardNanos = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final long startNanos;
    /** The longest time that a partition had not heard the node, of those that hear it again since the last beat. */
    private final AtomicLong silentNanos = new AtomicLong();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    /** Heartbeats of that node; none yet. */
    public Heartbeats(DeliveryNode node) {
        this(node, System::nanoTime);
    }

    Heartbeats(DeliveryNode node, LongSupplier nanoTime) {
        this.node = node;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node.node()))
                .build();
    }

    /** The first is sent at once. */
    public void start() {
        var unused = timer.scheduleAtFixedRate(this::beat, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
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
        long nowNanos = nanoTime.getAsLong();
        Long before = heardNanos.put(partition, nowNanos);
        silentNanos.accumulateAndGet(nowNanos - (before == null ? startNanos : before), Math::max);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
