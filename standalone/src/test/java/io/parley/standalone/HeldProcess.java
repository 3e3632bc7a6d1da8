package io.parley.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A process that does nothing until this is closed: SIGSTOP, then SIGCONT. Its connections stay open, and nobody answers. */
public final class HeldProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final long pid;
    private final long sinceNanos;

    private HeldProcess(long pid) {
        this.pid = pid;
        this.sinceNanos = System.nanoTime();
    }

    /** Returns when the process is held. */
    public static HeldProcess hold(long pid) throws IOException {
        signal("STOP", pid);
        await().atMost(LIMIT).until(() -> isStopped(pid));
        return new HeldProcess(pid);
    }

    /** From when on nothing of it runs, as {@link System#nanoTime}. */
    long sinceNanos() {
        return sinceNanos;
    }

    public boolean isStopped() throws IOException {
        return isStopped(pid);
    }

    private static boolean isStopped(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.anyMatch(line -> line.startsWith("State:") && line.contains("T (stopped)"));
        }
    }

    private static void signal(String name, long pid) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .inheritIO()
                .start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -" + name + " " + pid + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        signal("CONT", pid);
    }
}
