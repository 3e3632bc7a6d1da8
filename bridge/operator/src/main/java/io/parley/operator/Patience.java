package io.parley.operator;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long an operator waits for what the servers wait for without end.
 *
 * @param silent after that it is said what is waited for
 * @param more after that, too, it is given up
 */
record Patience(Duration silent, Duration more) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(3), Duration.ofSeconds(27));

    /**
     * Does {@code work} on a thread that is interrupted when the time is over.
     *
     * @param what is waited for, in words
     * @throws AdminException when it took too long
     * @throws ExecutionException around what {@code work} threw
     */
    <T> T await(String what, Callable<T> work) throws AdminException, ExecutionException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "await");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(silent.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.err.println("waiting for " + what);
        }
        try {
            return task.get(more.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new AdminException("waited " + silent.plus(more).toSeconds() + " s in vain for " + what);
        }
    }
}
