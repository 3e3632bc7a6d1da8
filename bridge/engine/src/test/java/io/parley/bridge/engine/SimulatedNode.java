package io.parley.bridge.engine;

import io.parley.gateway.CommandLog;
import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.delivering.Heartbeats;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.UserCommand;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One node in one of its lives, on two loops. What it appends takes its time to the log; what it reads waits until it is read. */
final class SimulatedNode implements CommandLog {
    private record Append(Runnable taken, Consumer<@Nullable Exception> done) {}

    private final SimulatedLog log;
    private final Random random;
    private final List<Addressed> slot;
    private final List<SimulatedLoop> loops = List.of(new SimulatedLoop(), new SimulatedLoop());
    private final Deque<Append> waiting = new ArrayDeque<>();
    private final DeliveryNode node;
    private int read;
    /** Whether it reads its deliveries. */
    boolean reads = true;
    /** Whether the log takes anything from it. */
    boolean reachesLog = true;

    SimulatedNode(Node life, SimulatedLog log, EventStore store, Random random) {
        this.log = log;
        this.random = random;
        this.slot = log.deliveries(life.getSlot());
        this.read = slot.size();
        this.node = new DeliveryNode(life, this, store);
        new Heartbeats(node, loops.get(0), () -> true).start();
    }

    DeliveryNode node() {
        return node;
    }

    /** One of its loops. */
    Loop anyLoop() {
        return loops.get(random.nextInt(loops.size()));
    }

    /** Runs what is to be done now; false when there was nothing. */
    boolean run(int appends, int deliveries) {
        boolean progress = false;
        if (reads && read < slot.size()) {
            int end = Math.min(slot.size(), read + deliveries);
            var unused = node.deliver(List.copyOf(slot.subList(read, end)));
            read = end;
            progress = true;
        }
        loops.forEach(SimulatedLoop::run);
        for (int i = 0; i < appends && reachesLog && !waiting.isEmpty(); i++) {
            Append append = waiting.remove();
            append.taken().run();
            append.done().accept(null);
            progress = true;
        }
        loops.forEach(SimulatedLoop::run);
        return progress;
    }

    void pass(long millis) {
        loops.forEach(loop -> loop.pass(millis));
    }

    /** The log did not answer in time. It may have taken what it did not confirm. */
    void giveUpAppending() {
        for (Append append = waiting.poll(); append != null; append = waiting.poll()) {
            if (random.nextBoolean()) {
                append.taken().run();
            }
            append.done().accept(new IOException("no answer"));
        }
    }

    /** Some of what was on its way arrives still. */
    void kill() {
        for (int i = random.nextInt(waiting.size() + 1); i > 0; i--) {
            waiting.remove().taken().run();
        }
    }

    /** Runs a task when the log has all that was appended before; never if it does not get it. */
    void whenAppended(Runnable task) {
        waiting.add(new Append(() -> {}, failure -> {
            if (failure == null) {
                task.run();
            }
        }));
    }

    @Override
    public void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        waiting.add(new Append(() -> log.append(conversation, command), done));
    }

    @Override
    public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        waiting.add(new Append(() -> log.append(user.value(), command), done));
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {
        waiting.add(new Append(() -> log.appendToAllUsers(command), failure -> {
            for (int i = 0; failure == null && i < log.userPartitions(); i++) {
                taken.accept(i);
            }
        }));
    }
}
