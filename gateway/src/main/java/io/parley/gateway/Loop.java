package io.parley.gateway;

/** One thread's tasks, each run when those before it have run, and its clock: the gateway's core has no other threads and clocks. */
public interface Loop {
    /**
     * Runs a task. Called on any thread.
     *
     * @return false if the loop has ended: its connections have ended, too, and the task is nobody's any more
     */
    boolean execute(Runnable task);

    /** Runs a task later, likewise; never if the loop ends before. */
    void schedule(Runnable task, long millis);

    /** The time since some moment, in nanoseconds; as {@link System#nanoTime}. */
    long nanoTime();
}
