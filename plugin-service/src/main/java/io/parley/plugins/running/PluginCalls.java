package io.parley.plugins.running;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a plugin's code on threads of its own. A call that misses its deadline is interrupted; one that goes on for {@value #GRACE_MILLIS} ms after that
 * is unstoppable.
 */
public final class PluginCalls implements AutoCloseable {
    private static final long GRACE_MILLIS = 5_000;
    private static final long IDLE_SECONDS = 60;

    private final ScheduledExecutorService timer;
    private final Judge judge;
    private final ThreadPoolExecutor threads;
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param id the plugin's, for the names of its threads
     * @param classes what its code loads classes by
     * @param limits how many calls run and wait
     * @param timer ends what takes too long; shared by all plugins
     */
    public PluginCalls(String id, ClassLoader classes, Limits limits, ScheduledExecutorService timer, Judge judge) {
        this.timer = timer;
        this.judge = judge;
        this.threads = new ThreadPoolExecutor(
                limits.threads(),
                limits.threads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.waiting()),
                task -> thread(id, classes, task));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * What one plugin may use.
     *
     * @param threads for its calls
     * @param waiting calls that wait for a thread; one more fails at once
     */
    public record Limits(int threads, int waiting) {}

    private Thread thread(String id, ClassLoader classes, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    live.add(Thread.currentThread());
                    try {
                        task.run();
                    } finally {
                        live.remove(Thread.currentThread());
                    }
                },
                "plugin-" + id);
        thread.setDaemon(true);
        thread.setContextClassLoader(classes);
        return thread;
    }

    /**
     * Calls a plugin.
     *
     * @param deadline from now until the stage that the call returns is done
     * @return fails with a {@link TimeoutException} when the deadline is missed
     */
    public <T> CompletableFuture<T> call(Callable<? extends CompletionStage<T>> code, Duration deadline) {
        Call<T> call = new Call<>(code);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("too many calls wait"));
        }
        var alarm = timer.schedule(() -> call.miss(deadline), deadline.toMillis(), TimeUnit.MILLISECONDS);
        var unused = call.outcome.whenComplete((value, failure) -> alarm.cancel(false));
        return call.outcome;
    }

    /** Bytes that its live threads have allocated so far. */
    public long allocatedBytes() {
        long bytes = 0;
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean hotspot) {
            for (Thread thread : live) {
                bytes += Math.max(0, hotspot.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return bytes;
    }

    /** Interrupts what runs, and takes no more. */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
    }

    /** One call. */
    private final class Call<T> implements Runnable {
        private final Callable<? extends CompletionStage<T>> code;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private @Nullable Thread runs;

        Call(Callable<? extends CompletionStage<T>> code) {
            this.code = code;
        }

        @Override
        public void run() {
            if (outcome.isDone()) {
                return;
            }
            runsOn(Thread.currentThread());
            try {
                CompletionStage<T> stage = code.call();
                if (stage == null) {
                    throw new IllegalStateException("the plugin returned null");
                }
                stage.whenComplete((value, failure) -> {
                    if (failure == null) {
                        outcome.complete(value);
                    } else {
                        outcome.completeExceptionally(failure);
                    }
                });
            } catch (OutOfMemoryError e) {
                outcome.completeExceptionally(e);
                judge.unstoppable("it ran out of memory");
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            } finally {
                runsOn(null);
                // What came too late must not hit the next call.
                Thread.interrupted();
            }
        }

        private synchronized void runsOn(@Nullable Thread thread) {
            runs = thread;
        }

        private synchronized boolean interrupt() {
            if (runs != null) {
                runs.interrupt();
            }
            return runs != null;
        }

        private void miss(Duration deadline) {
            outcome.completeExceptionally(new TimeoutException("no answer within " + deadline.toMillis() + " ms"));
            if (interrupt()) {
                var unused = timer.schedule(
                        () -> {
                            if (interrupt()) {
                                judge.unstoppable("it does not return from a call, and ignores interruption");
                            }
                        },
                        GRACE_MILLIS,
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Whether it takes no more calls. */
    public boolean isClosed() {
        return closed;
    }
}
