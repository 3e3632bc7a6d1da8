package io.parley.bench.peers.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A process with all that it has started. Its output goes to a file. */
final class ServerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final String name;
    private final Path log;
    private final Process process;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** @param name for messages; its output goes to {@code NAME.log} in the directory, which is its working directory, too */
    static ServerProcess start(String name, Path directory, List<String> command, Map<String, String> environment)
            throws IOException {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ServerProcess(name, log, builder.start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String complaint(String what) {
        return name + " does not start: " + what + " (" + log + ")";
    }

    /** It and its descendants. */
    List<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** Kills all of it at once. */
    void kill() throws InterruptedException {
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(all);
    }

    /** Asks it to end, and kills what is left after a while. */
    void stop() {
        List<ProcessHandle> all = all();
        process.destroy();
        try {
            awaitEnd(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static void awaitEnd(List<ProcessHandle> all) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!all.stream().allMatch(ServerProcess::hasEnded) && System.nanoTime() < deadlineNanos) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** One whose parent was killed, too, may stay in the table of processes until somebody asks for its exit code. */
    private static boolean hasEnded(ProcessHandle one) {
        if (!one.isAlive()) {
            return true;
        }
        Path process = Path.of("/proc", Long.toString(one.pid()));
        // Its first thread may be gone while others still hold its ports.
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            String stat = Files.readString(process.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z' && threads.count() <= 1;
        } catch (IOException e) {
            return true;
        }
    }
}
