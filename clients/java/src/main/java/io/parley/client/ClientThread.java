package io.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread of a client, on which the application is called. What fails on it is logged, and the next task runs. */
final class ClientThread implements Executor, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("io.parley.client");

    private final ScheduledThreadPoolExecutor executor;

    ClientThread(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                // After the end nobody is told anything.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    /** Runs tasks after so many milliseconds. */
    Executor after(long millis) {
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, this);
    }

    void every(long millis, Runnable task) {
        var unused = executor.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log("a task of the application or the client failed", e);
            }
        };
    }

    void log(String what, Throwable why) {
        LOGGER.log(System.Logger.Level.WARNING, what, why);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
