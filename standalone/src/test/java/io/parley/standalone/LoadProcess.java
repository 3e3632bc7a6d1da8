package io.parley.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code parley bench} against the platform, as a process: a load, and at its end an audit of every message. */
final class LoadProcess implements AutoCloseable {
    private final Process process;
    private final CountDownLatch measuring = new CountDownLatch(1);
    private final CompletableFuture<List<String>> output;

    private LoadProcess(Process process) {
        this.process = process;
        this.output = CompletableFuture.supplyAsync(this::read);
    }

    static LoadProcess start(Platform platform, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        ClientProgram.BENCH.command(Installation.find(), List.of(arguments)))
                .redirectErrorStream(true);
        builder.environment().putAll(platform.environment());
        return new LoadProcess(builder.start());
    }

    /** Waits until the load has warmed up and is being measured. */
    void awaitMeasuring() throws InterruptedException {
        if (!measuring.await(90, TimeUnit.SECONDS)) {
            throw new AssertionError("the load does not start: " + output.getNow(List.of("(still running)")));
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits for the end; what the load printed. */
    List<String> finish() throws Exception {
        return output.get(4, TimeUnit.MINUTES);
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    private List<String> read() {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith("measuring")) {
                    measuring.countDown();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
