package io.parley.push.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens pools with a fixed number of daemon threads, which never block who gives them a task. */
public final class BoundedPool {
    private static final long IDLE_SECONDS = 60;
    private static final int CLIENT_THREADS = 4;

    private BoundedPool() {}

    /**
     * A pool with bounds. A task too many is rejected with an exception.
     *
     * @param name the threads' names begin with it
     * @param threads at most so many tasks run at once
     * @param waiting at most so many wait
     */
    public static ThreadPoolExecutor open(String name, int threads, int waiting) {
        return open(name, threads, new ArrayBlockingQueue<>(waiting));
    }

    /**
     * The threads of an HTTP client, which by itself starts one for each request under way. The client's tasks are short, and it cannot bear that one is rejected: as
     * many wait as requests are under way.
     */
    public static ThreadPoolExecutor ofClient(String name) {
        return open(name, CLIENT_THREADS, new LinkedBlockingQueue<>());
    }

    private static ThreadPoolExecutor open(String name, int threads, BlockingQueue<Runnable> waiting) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, waiting, threadsOf(name));
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
