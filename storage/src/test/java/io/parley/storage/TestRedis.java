package io.parley.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's redis-server, on a port of its own, which keeps nothing on disk. */
final class TestRedis implements AutoCloseable {
    private final int port;
    private Process process;

    private TestRedis(int port) throws IOException {
        this.port = port;
        this.process = run(port);
    }

    static TestRedis start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new TestRedis(port);
    }

    private static Process run(int port) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "redis").toAbsolutePath());
        Process started;
        try {
            started = new ProcessBuilder(
                            "redis-server",
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(port + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new IOException("this test needs redis-server: install the package redis-server", e);
        }
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                });
        return started;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** It answers nothing, and its connections stay. */
    void pause() throws Exception {
        signal("STOP");
    }

    void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void startAgain() throws IOException {
        process = run(port);
    }

    @Override
    public void close() {
        kill();
    }
}
