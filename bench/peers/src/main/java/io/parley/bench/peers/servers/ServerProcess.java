package io.parley.bench.peers.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process with all that it has started. Its output goes to a file. */
final class ServerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        List<CompletableFuture<ProcessHandle>> ends = new ArrayList<>();
        all.forEach(one -> ends.add(one.onExit()));
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What is left is killed.
        }
    }
}
