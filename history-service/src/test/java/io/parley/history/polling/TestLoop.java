package io.parley.history.polling;

import io.parley.gateway.Loop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A loop whose tasks run when the test says so, at a time of its own. */
final class TestLoop implements Loop {
    private record Timer(Runnable task, long dueMillis, long number) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueMillis).thenComparingLong(Timer::number));
    private long nowMillis;
    private long numbers;

    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

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
        return tasks.add(task);
    }

    @Override
    public void schedule(Runnable task, long millis) {
        timers.add(new Timer(task, nowMillis + millis, numbers++));
    }

    @Override
    public long nanoTime() {
        return TimeUnit.MILLISECONDS.toNanos(nowMillis);
    }
}
