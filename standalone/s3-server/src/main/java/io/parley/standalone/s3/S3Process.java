package io.parley.standalone.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For the tests of other modules: Adobe's S3Mock as a child process, on free ports. It is started from this module's folder, so that nothing but this class
 * comes onto their class path; run them in a folder beside standalone/. It checks no signatures.
 */
public final class S3Process implements AutoCloseable {
    private static final Path JAR = Path.of("..", "standalone", "s3-server", "target", "lib", "s3mock.jar")
            .toAbsolutePath();
    private static final Pattern STARTED = Pattern.compile("Tomcat started on ports .*?(\\d+) \\(http\\)");
    private static final long STEP_MILLIS = 50;

    private final Process process;
    private final Path log;

    private S3Process(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a server; returns before it can be reached.
     *
     * @param data a directory of its own, which exists
     * @param bucket that it has
     * @throws IOException when this module is not built
     */
    public static S3Process start(Path data, String bucket) throws IOException {
        if (!Files.isRegularFile(JAR)) {
            throw new IOException("the server is not built: mvn -pl MODULE -am verify builds it first");
        }
        Path log = data.resolve("s3.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(data.resolve("s3-tmp")),
                "-jar",
                JAR.toString(),
                "--server.port=0",
                "--http.port=0",
                "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket));
        builder.redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        Process process = builder.start();
        // It does not watch its parent.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new S3Process(process, log);
    }

    /** Waits until it can be reached, and returns where. */
    public URI endpoint() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (process.isAlive() && System.nanoTime() < end) {
            Matcher started = STARTED.matcher(Files.readString(log));
            if (started.find()) {
                return URI.create("http://127.0.0.1:" + started.group(1));
            }
            process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        throw new IOException("the S3 server has not started: " + Files.readString(log));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
