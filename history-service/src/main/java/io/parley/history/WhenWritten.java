package io.parley.history;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Runs a task when an answer has been written, or cannot be.
 *
 * @param task may run more than once
 */
record WhenWritten(Runnable task) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
        task.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        task.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        task.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
