package io.parley.standalone.libraries;

import io.parley.standalone.Addresses;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The programs mosquitto_sub and mosquitto_pub: one process that receives and two that publish the lines that they read, each a device of its
 * own with a session. All reconnect by themselves; mosquitto_sub ends when a CONNECT is refused, and is started again as its manual says.
 */
final class MosquittoLibrary implements LibraryClient {
    private static final int PATIENCE_SECONDS = 20;
    private static final int AGAIN_AFTER_MILLIS = 1_000;
    private static final String MESSAGE = "message ";

    private final Journal journal;
    private final Seat seat;
    private final int level;
    private final Process toGroup;
    private final Process toOne;
    private final Thread keepsSubscriber;
    private volatile boolean closed;
    private boolean dup;

    MosquittoLibrary(int level, Seat seat) throws IOException {
        this.journal = seat.journal();
        this.seat = seat;
        this.level = level;
        this.keepsSubscriber = new Thread(this::keepSubscriber, "mosquitto_sub");
        keepsSubscriber.start();
        this.toGroup = publisher("-group", seat.group());
        this.toOne = publisher("-direct", seat.direct());
    }

    private Process publisher(String device, String topic) throws IOException {
        Process process = start("mosquitto_pub", device, "-l", "-t", topic);
        Lines.follow(process, line -> {});
        return process;
    }

    private void keepSubscriber() {
        List<String> filters = new ArrayList<>(List.of("-F", MESSAGE + "%t %p"));
        seat.filters().forEach(filter -> filters.addAll(List.of("-t", filter)));
        try {
            while (!closed) {
                Process process = start("mosquitto_sub", "-sub", filters.toArray(new String[0]));
                Lines.follow(process, this::said);
                try {
                    while (!closed && !process.waitFor(AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
                        // It runs.
                    }
                } finally {
                    process.destroy();
                }
            }
        } catch (IOException e) {
            journal.problem("mosquitto_sub does not start: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before each message comes what {@code -d} says of its packet, such as "received PUBLISH (d0, q1, r0, m1, …". */
    private synchronized void said(String line) {
        if (line.startsWith(MESSAGE)) {
            String[] parts = line.substring(MESSAGE.length()).split(" ", 2);
            journal.received(parts[0], parts[parts.length - 1].getBytes(StandardCharsets.UTF_8), dup);
        } else if (line.contains("received PUBLISH (")) {
            dup = line.contains("received PUBLISH (d1");
        }
    }

    private Process start(String program, String device, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(program, "-d", "-c", "-q", "1"));
        command.addAll(
                List.of("-h", Addresses.HOST, "-p", String.valueOf(seat.login().port())));
        command.addAll(List.of("-i", seat.login().clientId() + device));
        command.addAll(List.of("-u", seat.login().userName(), "-P", seat.login().password()));
        command.addAll(List.of("-V", level == 5 ? "mqttv5" : "mqttv311"));
        if (level == 5) {
            command.addAll(List.of("-x", String.valueOf(Seat.EXPIRY_SECONDS)));
        }
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public void publish(String topic, String payload) {
        Process process = topic.equals(seat.group()) ? toGroup : toOne;
        BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
        try {
            input.write(payload + "\n");
            input.flush();
        } catch (IOException e) {
            journal.problem("mosquitto_pub has ended before " + payload);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process publisher : List.of(toGroup, toOne)) {
            publisher.outputWriter(StandardCharsets.UTF_8).close();
            if (!publisher.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                publisher.destroyForcibly();
            }
        }
        closed = true;
        keepsSubscriber.join();
    }
}
