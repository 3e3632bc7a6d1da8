package io.parley.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A shard's thread that is the test's own: tasks run when the test says so, at a time of its own. */
public final class ManualShard extends AbstractExecutorService implements ScheduledExecutorService {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long nowMillis;
    private boolean ended;

    private static final class Timer extends FutureTask<Object> implements ScheduledFuture<Object> {
        private final Runnable task;
        private final long dueMillis;
        private final long thenMillis;

        Timer(Runnable task, long dueMillis, long thenMillis) {
            super(task, "");
            this.task = task;
            this.dueMillis = dueMillis;
            this.thenMillis = thenMillis;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueMillis, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
        }
    }

    /** Runs what is to be done now. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, and runs what comes due. */
    public void pass(long millis) {
        run();
        long end = nowMillis + millis;
        while (nowMillis < end) {
            nowMillis = Math.min(end, nextMillis());
            for (Timer timer : List.copyOf(timers)) {
                if (timer.dueMillis <= nowMillis && timers.remove(timer)) {
                    timer.task.run();
                    if (timer.thenMillis > 0) {
                        timers.add(new Timer(timer.task, timer.dueMillis + timer.thenMillis, timer.thenMillis));
                    }
                    run();
                }
            }
        }
    }

    private long nextMillis() {
        return timers.stream()
                .mapToLong(timer -> Math.max(timer.dueMillis, nowMillis + 1))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return timer(task, delay, 0, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long then, TimeUnit unit) {
        return timer(task, first, then, unit);
    }

    private Timer timer(Runnable task, long first, long then, TimeUnit unit) {
        Timer timer = new Timer(task, nowMillis + unit.toMillis(first), unit.toMillis(then));
        timers.add(timer);
        return timer;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long then, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        ended = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return ended;
    }

    @Override
    public boolean isTerminated() {
        return ended;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return ended;
    }
}
