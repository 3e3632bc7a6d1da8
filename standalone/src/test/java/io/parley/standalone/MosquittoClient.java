package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs mosquitto_pub and mosquitto_sub, MQTT 3.1.1: a process for the subscription and one for each message. */
final class MosquittoClient implements ChatClient {
    private static final int PATIENCE_SECONDS = 20;
    private static final int LIFETIME_SECONDS = 120;
    private static final String INSTALL =
            "Install Mosquitto's clients: apt-get install mosquitto-clients (Debian, Ubuntu),"
                    + " dnf install mosquitto (Fedora), brew install mosquitto (macOS)";

    private final Login login;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private @Nullable Process subscriber;

    /** Skips the test on a machine that has not got the programs; continuous integration ({@code CI} is set) must have them. */
    MosquittoClient(Login login) {
        assumeTrue(System.getenv("CI") != null || isInstalled(), INSTALL);
        this.login = login;
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub")));
    }

    /** Need not wait: without a clean start ({@code -c}) whatever is sent from now on comes, however late the process connects. */
    @Override
    public void subscribe(String filter) throws IOException {
        String lifetime = String.valueOf(LIFETIME_SECONDS);
        Process process = start("mosquitto_sub", "-sub", "-t", filter, "-c", "-W", lifetime, "-F", "%t %p");
        subscriber = process;
        Thread reader = new Thread(() -> read(process), "mosquitto_sub");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ", 2);
                received.add(new Received(parts[0], parts[parts.length - 1]));
            }
        } catch (IOException e) {
            // The process was ended.
        }
    }

    @Override
    public void publish(String topic, byte[] payload) throws IOException, InterruptedException {
        Process process = start("mosquitto_pub", "-pub", "-t", topic, "-s");
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(payload);
            }
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("mosquitto_pub has ended")
                    .isTrue();
            assertThat(process.exitValue())
                    .as("mosquitto_pub's exit code, it said: %s", text(process))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Process start(String program, String device, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(program, "-h", Addresses.HOST, "-p", "" + login.port()));
        command.addAll(List.of("-i", login.clientId() + device, "-u", login.userName(), "-P", login.password()));
        command.addAll(List.of("-q", "1"));
        command.addAll(List.of(more));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError(program + " does not start. " + INSTALL, e);
        }
    }

    @Override
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        if (subscriber != null) {
            subscriber.destroy();
        }
    }
}
