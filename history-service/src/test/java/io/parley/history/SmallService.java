package io.parley.history;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A history service as a process of its own, with little memory. It ends when there is no room in its heap. */
final class SmallService implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on http://\\S*?:(\\d+)");
    private static final long STEP_MILLIS = 50;

    private final Process process;
    private final Path log;

    private SmallService(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one; returns before it can be reached. */
    static SmallService start(Path data, String cassandra, Object jwks, Map<String, String> settings)
            throws IOException {
        Path log = Files.createDirectories(data).resolve("history.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                HistoryMain.class.getName()));
        builder.environment()
                .putAll(Map.of(
                        "PARLEY_DATA", data.toString(),
                        "PARLEY_BIND", "127.0.0.1",
                        "PARLEY_HTTP_PORT", "0",
                        "PARLEY_CASSANDRA_CONTACT_POINTS", cassandra,
                        "PARLEY_JWKS", jwks.toString(),
                        "PARLEY_JWT_ISSUER", "parley",
                        "PARLEY_JWT_AUDIENCE", "parley",
                        // There is no log from which it could learn of any.
                        "PARLEY_HTTP_REVOCATIONS", "false",
                        "PARLEY_STOP_WITH_PARENT", "true"));
        builder.environment().putAll(settings);
        builder.redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        return new SmallService(builder.start(), log);
    }

    /** Waits until it can be reached, and returns where. */
    URI address() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (process.isAlive() && System.nanoTime() < end) {
            Matcher listening = LISTENING.matcher(Files.readString(log));
            if (listening.find()) {
                return URI.create("http://127.0.0.1:" + listening.group(1));
            }
            process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        throw new IOException("the service has not started: " + Files.readString(log));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
