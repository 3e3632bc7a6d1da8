package io.parley.push.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens pools with a fixed number of daemon threads and of waiting tasks. A task too many is rejected with an exception; the caller is never blocked. */
public final class BoundedPool {
    private static final long IDLE_SECONDS = 60;

    private BoundedPool() {}

    /**
     * A new pool.
     *
     * @param name the threads' names begin with it
     * @param threads at most so many tasks run at once
     * @param waiting at most so many wait
     */
    public static ThreadPoolExecutor open(String name, int threads, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), threadsOf(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory threadsOf(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
