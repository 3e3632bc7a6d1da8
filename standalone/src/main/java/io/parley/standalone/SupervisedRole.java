package io.parley.standalone;

import io.parley.standalone.RoleStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One role and the thread that watches it: started, asked until it is ready, started anew when it ends. States: {@link State}. */
final class SupervisedRole {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_BAD_SETTING = 2;
    private static final long POLL_MILLIS = 100;
    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long MAX_BACKOFF_MILLIS = 10_000;
    private static final long HEALTHY_AFTER_MILLIS = 30_000;

    private final Role role;
    private final Launcher launcher;
    private final RunDirectory run;
    private final RollingLog log;
    private final Progress progress;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.STOPPED;
    private @Nullable Process process;
    private boolean wanted;
    private boolean held;
    private int restarts;
    private long backoffMillis;
    private String failure = "";

    SupervisedRole(Role role, Launcher launcher, RunDirectory run, RollingLog log, Progress progress) {
        this.role = role;
        this.launcher = launcher;
        this.run = run;
        this.log = log;
        this.progress = progress;
    }

    Role role() {
        return role;
    }

    void start() {
        lock.lock();
        try {
            if (!wanted) {
                wanted = true;
                state = State.STARTING;
                backoffMillis = 0;
                failure = "";
                Thread watch = new Thread(this::supervise, "supervise-" + role.process());
                watch.setDaemon(true);
                watch.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops the process for good: SIGTERM, then SIGKILL after {@code patience}. */
    void stop(Duration patience) {
        Process running = withLock(() -> {
            wanted = false;
            return process;
        });
        if (running != null) {
            RunDirectory.end(running.toHandle(), patience);
        }
        await(() -> state == State.STOPPED, Duration.ofSeconds(10));
    }

    /** SIGKILL. It is started anew at once unless it is held. */
    void kill() {
        Process running = withLock(() -> process);
        if (running != null) {
            running.destroyForcibly();
            await(() -> process != running, Duration.ofSeconds(10));
        }
    }

    /** From now on the role is not started anew when it ends, until released. */
    void hold() {
        update(() -> held = true);
    }

    void release() {
        update(() -> {
            backoffMillis = 0;
            failure = "";
            held = false;
        });
    }

    RoleStatus status() {
        RoleStatus now = withLock(() -> {
            OptionalLong pid = process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
            return new RoleStatus(role.process(), state, pid, restarts);
        });
        return java.util.Objects.requireNonNull(now);
    }

    /** Waits until the role is ready; throws when it fails for good or does not get ready in time. */
    void awaitReady(Duration limit) throws PlatformException {
        await(() -> state == State.READY || state == State.FAILED || !wanted, limit);
        State now = status().state();
        if (now == State.READY) {
            return;
        }
        String what = now == State.FAILED ? failure : "is not ready after " + limit.toSeconds() + " s (" + now + ")";
        List<String> lastLines = log.tail(15);
        throw new PlatformException(role.process() + " " + what
                + (lastLines.isEmpty() ? "" : "; its log ends with:\n  " + String.join("\n  ", lastLines)));
    }

    private void supervise() {
        while (awaitTurn()) {
            long startedNanos = System.nanoTime();
            int exitCode = runOnce();
            update(() -> afterEnd(exitCode, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos)));
        }
        update(() -> state = State.STOPPED);
    }

    /** Waits while held, failed or backing off; false when the role is no longer wanted. */
    private boolean awaitTurn() {
        await(() -> !wanted || (!held && failure.isEmpty()), Duration.ofDays(365));
        await(() -> !wanted, Duration.ofMillis(backoffMillis));
        return wanted;
    }

    private int runOnce() {
        ClassArchive archive;
        Process started;
        try {
            Launcher.Started child = launcher.startChild(role);
            archive = child.archive();
            started = child.process();
        } catch (PlatformException e) {
            update(() -> failure = "cannot be started: " + e.getMessage());
            return EXIT_BAD_SETTING;
        } catch (IOException e) {
            // No memory or no file handle left, as a rule: that passes.
            progress.line("  " + role.process() + " cannot be started: " + e.getMessage());
            return EXIT_FAILED;
        }
        update(() -> {
            state = State.STARTING;
            process = started;
        });
        record(started);
        log.follow(started.getInputStream(), role.process().toString());
        if (!wanted) {
            started.destroy();
        }
        awaitAnswer(started);
        int exitCode = waitFor(started);
        archive.keep(!wanted && exitCode != 137);
        run.forget(role.process().toString());
        return exitCode;
    }

    private void record(Process started) {
        try {
            run.record(role.process().toString(), started.toHandle());
        } catch (IOException e) {
            // What runs is worth more than the note about it.
            progress.line("  " + role.process() + " runs, but its pid cannot be written down: " + e.getMessage());
        }
    }

    private void awaitAnswer(Process started) {
        long startNanos = System.nanoTime();
        while (started.isAlive()) {
            if (role.readiness().ready() && started.isAlive()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                // Before anybody who waits for it says that all are ready.
                progress.line(String.format("  %-10s ready after %.1f s", role.process(), millis / 1000.0));
                update(() -> state = State.READY);
                return;
            }
            await(() -> !started.isAlive(), Duration.ofMillis(POLL_MILLIS));
        }
    }

    private void afterEnd(int exitCode, long livedMillis) {
        process = null;
        if (!wanted) {
            return;
        }
        restarts++;
        backoffMillis = livedMillis > HEALTHY_AFTER_MILLIS
                ? FIRST_BACKOFF_MILLIS
                : Math.max(FIRST_BACKOFF_MILLIS, Math.min(backoffMillis * 2, MAX_BACKOFF_MILLIS));
        if (exitCode == EXIT_BAD_SETTING) {
            failure = failure.isEmpty() ? "refuses to start, a setting is wrong" : failure;
            state = State.FAILED;
            progress.line("  " + role.process() + " " + failure + ": it stays down");
            return;
        }
        progress.line("  " + role.process() + " ended (exit code " + exitCode + "), "
                + (held ? "held down" : "starting it again"));
        state = held ? State.HELD : State.WAITING;
    }

    private static int waitFor(Process started) {
        while (true) {
            try {
                return started.waitFor();
            } catch (InterruptedException e) {
                // Only this thread's owner could interrupt it, and it does not.
            }
        }
    }

    private void update(Runnable change) {
        withLock(() -> {
            change.run();
            return null;
        });
    }

    private <T> @Nullable T withLock(java.util.function.Supplier<@Nullable T> action) {
        lock.lock();
        try {
            T result = action.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition, Duration limit) {
        lock.lock();
        try {
            long nanos = limit.toNanos();
            while (!condition.getAsBoolean() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
