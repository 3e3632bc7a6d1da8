package io.parley.storage;

import io.parley.protocol.UserId;
import io.parley.runtime.ReadSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process reads from storage for users at once, in reads and in bytes, and each user's share of it. A user beyond the share waits for their own
 * reads, a user who has read more bytes than come back in time waits for those, and nobody else does: a free place goes to the users in turn. What would
 * wait too long is refused with {@link ReadsLimitedException}. Every method may be called on any thread.
 */
public final class ReadBudget {
    private static final Logger LOG = LoggerFactory.getLogger(ReadBudget.class);
    private static final long UNIT_NANOS = 10_000_000_000L;
    /** Users that are remembered before the first sweep. */
    private static final int FEW = 1_000;

    /**
     * The measures.
     *
     * @param reads at once
     * @param readsOfUser at once, of one user
     * @param bytes held at once
     * @param bytesOfUser held at once, of one user; a read that asks for more counts as this much
     * @param waiting reads that wait, of all users
     * @param waitingOfUser reads that wait, of one user
     * @param longestWaitNanos of one read, before it is refused
     * @param longestHoldNanos how long what was read counts at most while it is written to who asked
     * @param bytesPerTenSeconds what a user may read: so much at once, and so much again in ten seconds
     */
    public record Limits(
            int reads,
            int readsOfUser,
            long bytes,
            long bytesOfUser,
            int waiting,
            int waitingOfUser,
            long longestWaitNanos,
            long longestHoldNanos,
            long bytesPerTenSeconds) {
        /** As the process is told. */
        static Limits of(ReadSettings settings) {
            return new Limits(
                    settings.atOnce(),
                    settings.atOnceOfUser(),
                    settings.bytes(),
                    settings.bytesOfUser(),
                    settings.waiting(),
                    settings.waitingOfUser(),
                    settings.longestWait().toNanos(),
                    settings.longestHold().toNanos(),
                    settings.bytesPerTenSeconds());
        }
    }

    /** The time. */
    public interface Clock {
        /** As {@link System#nanoTime}. */
        long nanoTime();

        /** Runs a task later, on any thread. */
        void later(Runnable task, long nanos);
    }

    /** A read's place. */
    public final class Lease {
        private final Account account;
        private final long bytes;
        private boolean open = true;

        private Lease(Account account, long bytes) {
            this.account = account;
            this.bytes = bytes;
        }

        /** So many bytes were read: the user pays for them, whatever was reserved. */
        void spend(long read) {
            synchronized (lock) {
                account.pay(read);
            }
        }

        private void close() {
            synchronized (lock) {
                if (!open) {
                    return;
                }
                open = false;
                account.leave(bytes);
                readsNow--;
                bytesNow -= bytes;
                consider(account);
            }
            startAll();
        }
    }

    private final Object lock = new Object();
    private final Limits limits;
    private final Clock clock;
    private final Map<UserId, Account> accounts = new HashMap<>();
    /** Who has a read that may start as far as their own share goes, in turn. */
    private final Deque<Account> ready = new ArrayDeque<>();

    private final AtomicInteger starting = new AtomicInteger();
    private int readsNow;
    private long bytesNow;
    private int waitingNow;
    private int sweepAt = FEW;

    /**
     * A process's budget.
     *
     * @param timer runs what is due, which never takes long
     */
    public static ReadBudget of(ReadSettings settings, ScheduledExecutorService timer) {
        return new ReadBudget(Limits.of(settings), new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void later(Runnable task, long nanos) {
                try {
                    var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
                } catch (RejectedExecutionException e) {
                    // The process stops, and its reads with it.
                    LOG.debug("a read outlives the process's timer", e);
                }
            }
        });
    }

    /** A budget of which nothing is used. */
    public ReadBudget(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Reads when it is the user's turn.
     *
     * @param bytes what the read may hold in memory
     * @param read does it, and tells the lease what it cost
     * @return what was read; fails as the read does, or with {@link ReadsLimitedException}
     */
    public <T> CompletionStage<Held<T>> read(UserId user, long bytes, Function<Lease, CompletionStage<T>> read) {
        CompletableFuture<Held<T>> result = new CompletableFuture<>();
        Waiting waiting = new Waiting(
                Math.min(bytes, Math.min(limits.bytesOfUser(), limits.bytes())),
                lease -> begin(lease, read, result),
                result::completeExceptionally);
        String refusal = enter(user, waiting);
        if (refusal != null) {
            return CompletableFuture.failedFuture(new ReadsLimitedException(refusal));
        }
        startAll();
        return result;
    }

    private @Nullable String enter(UserId user, Waiting waiting) {
        synchronized (lock) {
            sweep();
            Account account = accounts.computeIfAbsent(user, key -> new Account());
            if (account.waiting.size() >= limits.waitingOfUser()) {
                return "too many reads of this user wait";
            }
            if (waitingNow >= limits.waiting()) {
                return "too many reads wait";
            }
            waitingNow++;
            account.waiting.add(waiting);
            consider(account);
            clock.later(() -> expire(account, waiting), limits.longestWaitNanos());
            return null;
        }
    }

    private void expire(Account account, Waiting waiting) {
        synchronized (lock) {
            if (!account.waiting.remove(waiting)) {
                return;
            }
            waitingNow--;
        }
        waiting.refuse(new ReadsLimitedException("the read has waited too long"));
    }

    private <T> void begin(Lease lease, Function<Lease, CompletionStage<T>> read, CompletableFuture<Held<T>> result) {
        CompletionStage<T> stage;
        try {
            stage = read.apply(lease);
        } catch (RuntimeException | Error e) {
            // Also what memory is missing for: the reads after it go on.
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                clock.later(lease::close, limits.longestHoldNanos());
                result.complete(new Held<>(value, lease::close));
            } else {
                lease.close();
                result.completeExceptionally(failure);
            }
        });
    }

    /** One thread at a time starts what may start: a read that ends at once must not start the next inside of itself. */
    private void startAll() {
        if (starting.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable start : startable()) {
                start.run();
            }
            seen = starting.addAndGet(-seen);
        } while (seen != 0);
    }

    private List<Runnable> startable() {
        List<Runnable> starts = new ArrayList<>();
        synchronized (lock) {
            while (!ready.isEmpty() && readsNow < limits.reads()) {
                Account account = ready.element();
                Waiting next = account.waiting.peek();
                if (next != null && bytesNow + next.bytes > limits.bytes() && readsNow > 0) {
                    // It keeps its turn: smaller reads must not overtake it for ever.
                    break;
                }
                ready.remove();
                account.isReady = false;
                if (next != null && account.mayStart(next)) {
                    account.waiting.remove();
                    waitingNow--;
                    starts.add(take(account, next));
                }
                consider(account);
            }
        }
        return starts;
    }

    private Runnable take(Account account, Waiting next) {
        account.reads++;
        account.bytes += next.bytes;
        readsNow++;
        bytesNow += next.bytes;
        Lease lease = new Lease(account, next.bytes);
        return () -> next.start(lease);
    }

    /** Puts the user in line if the next of their reads may start. */
    private void consider(Account account) {
        Waiting next = account.waiting.peek();
        if (next == null || account.isReady) {
            return;
        }
        long debtNanos = account.debtNanos();
        if (debtNanos > 0) {
            account.wakeIn(debtNanos);
        } else if (account.mayStart(next)) {
            account.isReady = true;
            ready.add(account);
        }
    }

    /** Forgets users of whom nothing is under way and who owe nothing. */
    private void sweep() {
        if (accounts.size() >= sweepAt) {
            accounts.values().removeIf(Account::isForgettable);
            sweepAt = Math.max(FEW, 2 * accounts.size());
        }
    }

    /** Reads under way. */
    public int underWay() {
        synchronized (lock) {
            return readsNow;
        }
    }

    /** Reads that wait for their turn. */
    public int waiting() {
        synchronized (lock) {
            return waitingNow;
        }
    }

    /** A read before its turn. What it started, or was refused, it forgets: its timer may outlive what was read. */
    private static final class Waiting {
        private final long bytes;
        private @Nullable Consumer<Lease> start;
        private @Nullable Consumer<RuntimeException> refused;

        Waiting(long bytes, Consumer<Lease> start, Consumer<RuntimeException> refused) {
            this.bytes = bytes;
            this.start = start;
            this.refused = refused;
        }

        void start(Lease lease) {
            Consumer<Lease> starting = start;
            start = null;
            refused = null;
            if (starting != null) {
                starting.accept(lease);
            }
        }

        void refuse(RuntimeException reason) {
            Consumer<RuntimeException> refusing = refused;
            start = null;
            refused = null;
            if (refusing != null) {
                refusing.accept(reason);
            }
        }
    }

    /** One user's reads. Under the lock. */
    private final class Account {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int reads;
        private long bytes;
        private boolean isReady;
        private boolean isWaking;
        /** When all that the user has read will be paid; the past, if all is paid. */
        private long paidNanos = clock.nanoTime() - UNIT_NANOS;

        boolean mayStart(Waiting next) {
            return debtNanos() <= 0
                    && reads < limits.readsOfUser()
                    && (reads == 0 || bytes + next.bytes <= limits.bytesOfUser());
        }

        void leave(long held) {
            reads--;
            bytes -= held;
        }

        /** What was not used for ten seconds is saved, and no more. */
        void pay(long read) {
            long saved = clock.nanoTime() - UNIT_NANOS;
            double nanos = (double) read / limits.bytesPerTenSeconds() * UNIT_NANOS;
            paidNanos = (paidNanos - saved < 0 ? saved : paidNanos) + (long) nanos;
        }

        long debtNanos() {
            return paidNanos - clock.nanoTime();
        }

        void wakeIn(long nanos) {
            if (isWaking) {
                return;
            }
            isWaking = true;
            clock.later(
                    () -> {
                        synchronized (lock) {
                            isWaking = false;
                            consider(this);
                        }
                        startAll();
                    },
                    nanos);
        }

        boolean isForgettable() {
            return waiting.isEmpty() && reads == 0 && paidNanos - (clock.nanoTime() - UNIT_NANOS) <= 0;
        }
    }
}
