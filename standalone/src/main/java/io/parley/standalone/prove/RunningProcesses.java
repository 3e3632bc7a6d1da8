package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The processes of a cluster that runs on this machine. */
public final class RunningProcesses implements Processes {
    private static final long POLL_MILLIS = 200;

    private final RunningPlatform platform;

    /** @param platform whose supervisor starts anew what was killed */
    public RunningProcesses(RunningPlatform platform) {
        this.platform = platform;
    }

    @Override
    public void kill(ProcessName process) {
        platform.process(process).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void pause(ProcessName process) throws IOException {
        signal("STOP", process);
    }

    @Override
    public void resume(ProcessName process) throws IOException {
        signal("CONT", process);
    }

    @Override
    public void waitSeconds(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    /** Waits until every process answers that it can serve; false when one does not within the limit. */
    public boolean awaitAllReady(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!platform.plan().processes().stream().allMatch(platform::isReady)) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private void signal(String name, ProcessName process) throws IOException {
        java.util.Optional<ProcessHandle> running = platform.process(process);
        if (running.isEmpty()) {
            // It is being started anew: as good as paused.
            return;
        }
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, String.valueOf(running.get().pid()))
                .inheritIO()
                .start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -" + name + " " + process + " failed");
        }
    }
}
