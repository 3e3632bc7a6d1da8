package io.parley.bridge.engine;

import io.parley.gateway.Loop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A loop at the simulation's time. */
final class SimulatedLoop implements Loop {
    private record Timer(Runnable task, long dueMillis, long number) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueMillis).thenComparingLong(Timer::number));
    private long nowMillis;
    private long timersSet;

    /** Runs what is to be done now. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, and runs what comes due. */
    void pass(long millis) {
        run();
        long end = nowMillis + millis;
        for (Timer next = timers.peek(); next != null && next.dueMillis() <= end; next = timers.peek()) {
            timers.remove();
            nowMillis = Math.max(nowMillis, next.dueMillis());
            next.task().run();
            run();
        }
        nowMillis = end;
    }

    @Override
    public boolean execute(Runnable task) {
        tasks.add(task);
        return true;
    }

    @Override
    public void schedule(Runnable task, long millis) {
        timers.add(new Timer(task, nowMillis + millis, timersSet++));
    }

    @Override
    public long nanoTime() {
        return TimeUnit.MILLISECONDS.toNanos(nowMillis);
    }
}
