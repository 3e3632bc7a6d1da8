package io.parley.delivery;

import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the engine every two seconds that the node lives; after ten seconds of silence the engine takes its devices for gone. When the log has
 * not heard the node for nearly so long, all connections are announced again; after minutes they are ended instead, since deliveries may
 * have gone from the log unread: each device goes on at its cursor.
 */
public final class Heartbeats implements AutoCloseable {
    private static final long PERIOD_SECONDS = 2;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(8);
    /** Less than deliveries are kept. */
    private static final long LOSS_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final DeliveryNode node;
    private final UserCommand alive;
    private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    /** Heartbeats of that node; none yet. */
    public Heartbeats(DeliveryNode node) {
        this.node = node;
        this.alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node.node()))
                .build();
    }

    /** The first is sent at once. */
    public void start() {
        var unused = timer.scheduleAtFixedRate(this::beat, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void beat() {
        node.log().appendToAllUsers(alive, failure -> {
            if (failure == null) {
                heard();
            }
        });
    }

    private void heard() {
        long nowNanos = System.nanoTime();
        long silentNanos = nowNanos - heardNanos.getAndSet(nowNanos);
        if (silentNanos > LOSS_NANOS) {
            node.closeAll();
        } else if (silentNanos > SILENCE_NANOS) {
            node.announce();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
