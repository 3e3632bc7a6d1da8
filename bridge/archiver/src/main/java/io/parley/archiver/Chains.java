package io.parley.archiver;

import io.parley.protocol.ConversationId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes conversations, each in the order of the log, all at once. A write that fails is tried again, later each time; nobody else waits for it. What is held
 * in memory is bounded: when there is no room, and others are being written, a conversation that has been held up lets its waiting records go, and they are read again
 * when it goes on.
 *
 * <p>For the writer's thread only.
 */
final class Chains {
    private static final int MOST_ITEMS = 4000;
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** A failure that is not Cassandra's is tried so often. */
    private static final int MOST_DEFECTS = 3;

    private final BiFunction<ConversationId, List<Item>, CompletionStage<?>> write;
    private final Predicate<Throwable> defect;
    private final BiFunction<Item, Throwable, CompletionStage<?>> bury;
    private final Consumer<Throwable> failed;

    private final Map<ConversationId, Chain> chains = new HashMap<>();
    private final Deque<Chain> ready = new ArrayDeque<>();
    private final PriorityQueue<Chain> later = new PriorityQueue<>(Comparator.comparingLong(Chain::dueNanos));
    /** Filled by whichever thread a write ends on. */
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

    private final Set<Unfinished> again = new LinkedHashSet<>();
    private int items;
    private long bytes;
    private int writing;
    private int failing;
    private long writtenNanos;

    private record Ended(Chain chain, @Nullable Throwable failure) {}

    /**
     * @param write done when Cassandra has everything; fails when it could not take something
     * @param defect whether a failure of a write is no trouble of Cassandra's, and would come again
     * @param bury what becomes of an item that cannot be written because of a defect
     * @param failed told each failure
     */
    Chains(
            BiFunction<ConversationId, List<Item>, CompletionStage<?>> write,
            Predicate<Throwable> defect,
            BiFunction<Item, Throwable, CompletionStage<?>> bury,
            Consumer<Throwable> failed) {
        this.write = write;
        this.defect = defect;
        this.bury = bury;
        this.failed = failed;
    }

    void add(Item item) {
        Chain chain = chains.computeIfAbsent(item.conversation(), Chain::new);
        boolean idle = chain.isIdle();
        item.partition().begin(item.place().offset());
        if (chain.add(item)) {
            items++;
            bytes += item.bytes();
            if (idle) {
                ready.add(chain);
            }
        }
    }

    /** Whether more may be added. */
    boolean hasRoom() {
        return items < MOST_ITEMS && bytes < MOST_BYTES;
    }

    /** Whether writes are under way. */
    boolean isWriting() {
        return writing > 0;
    }

    /** Conversations whose last write failed. */
    int failing() {
        return failing;
    }

    /** Takes notice of what has ended, and begins what can be begun. Returns how many events were written. */
    int turn(long nowNanos) {
        int written = 0;
        for (Ended end = ended.poll(); end != null; end = ended.poll()) {
            written += take(end, nowNanos);
        }
        Chain due = later.peek();
        while (due != null && due.dueNanos() - nowNanos <= 0) {
            ready.add(later.remove());
            due = later.peek();
        }
        for (Chain chain = ready.poll(); chain != null; chain = ready.poll()) {
            begin(chain, nowNanos);
        }
        if (!hasRoom() && nowNanos - writtenNanos < HELD_NANOS) {
            chains.values().stream()
                    .filter(chain -> chain.isHeldSince(nowNanos - HELD_NANOS))
                    .forEach(chain -> gone(chain.letGo()));
        }
        return written;
    }

    /** Takes out the partitions that are to be read again from where they were cut. */
    Set<Unfinished> again() {
        Set<Unfinished> taken = Set.copyOf(again);
        again.clear();
        return taken;
    }

    /** Forgets what waits of a partition that is read anew from an offset on, or by somebody else. What is being written goes on. */
    void forget(Unfinished partition, long from) {
        again.remove(partition);
        chains.values().forEach(chain -> gone(chain.forget(partition, from)));
        chains.values().removeIf(chain -> chain.isIdle() && ready.remove(chain));
    }

    private void gone(List<Item> gone) {
        items -= gone.size();
        bytes -= gone.stream().mapToLong(Item::bytes).sum();
    }

    private void begin(Chain chain, long nowNanos) {
        List<Item> portion = chain.portion(nowNanos);
        if (portion.isEmpty()) {
            chains.remove(chain.conversation());
            return;
        }
        start(chain, items -> write.apply(chain.conversation(), items), portion);
    }

    private void start(Chain chain, Function<List<Item>, CompletionStage<?>> work, List<Item> portion) {
        writing++;
        CompletionStage<?> under;
        try {
            under = work.apply(portion);
        } catch (RuntimeException e) {
            under = CompletableFuture.failedFuture(e);
        }
        under.whenComplete((done, failure) -> ended.add(new Ended(chain, failure)));
    }

    private int take(Ended end, long nowNanos) {
        writing--;
        Chain chain = end.chain();
        List<Item> portion = chain.portion(nowNanos);
        if (end.failure() != null) {
            failed(chain, portion, cause(end.failure()), nowNanos);
            return 0;
        }
        if (chain.isFailing()) {
            failing--;
        }
        writtenNanos = nowNanos;
        chain.written();
        gone(portion);
        again.addAll(chain.again());
        if (chain.isIdle()) {
            chains.remove(chain.conversation());
        } else {
            ready.add(chain);
        }
        return Chain.events(portion).size();
    }

    private void failed(Chain chain, List<Item> portion, Throwable failure, long nowNanos) {
        failed.accept(failure);
        if (!chain.isFailing()) {
            failing++;
        }
        if (!defect.test(failure) || chain.failures() < MOST_DEFECTS) {
            chain.failed(nowNanos);
            later.add(chain);
        } else if (portion.size() == 1) {
            start(chain, items -> bury.apply(items.get(0), failure), portion);
        } else {
            failing--;
            chain.split();
            ready.add(chain);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
