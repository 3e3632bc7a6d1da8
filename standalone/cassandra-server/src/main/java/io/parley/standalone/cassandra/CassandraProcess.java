package io.parley.standalone.cassandra;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * For the tests of other modules: a real Cassandra node as a child process, on free ports, which ends with its parent. It is started
 * from this module's folder, so that nothing but this class comes onto their class path; run them in a folder beside standalone/.
 */
public final class CassandraProcess implements AutoCloseable {
    private static final Path MODULE =
            Path.of("..", "standalone", "cassandra-server").toAbsolutePath();

    private final Process process;
    private final int port;

    private CassandraProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a node; returns before it can be reached.
     *
     * @param data a directory of its own
     * @throws IOException when this module is not built
     */
    public static CassandraProcess start(Path data) throws IOException {
        return start(data, Map.of());
    }

    /** Starts a node with more settings, which {@link CassandraServerMain} explains. */
    public static CassandraProcess start(Path data, Map<String, String> settings) throws IOException {
        if (!Files.isDirectory(MODULE.resolve("target/lib"))) {
            throw new IOException("the server is not built: mvn -pl MODULE -am verify builds it first");
        }
        int port = freePort();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = MODULE.resolve("target/classes") + File.pathSeparator + MODULE.resolve("target/lib")
                + File.separator + "*";
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java,
                "@" + MODULE.resolve("jvm.options"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dcassandra.jmx.local.port=" + freePort(),
                "-cp",
                classPath,
                "io.parley.standalone.cassandra.CassandraServerMain"));
        builder.environment().put("PARLEY_DATA", data.toString());
        builder.environment().put("PARLEY_CASSANDRA_PORT", Integer.toString(port));
        builder.environment().put("PARLEY_CASSANDRA_STORAGE_PORT", Integer.toString(freePort()));
        builder.environment().put("PARLEY_STOP_WITH_PARENT", "true");
        builder.environment().putAll(settings);
        builder.redirectErrorStream(true);
        builder.redirectOutput(data.resolve("cassandra.log").toFile());
        return new CassandraProcess(builder.start(), port);
    }

    /** Where it is reached, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 15, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
