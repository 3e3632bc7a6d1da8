package io.parley.standalone.libraries;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of {@code src/test/clients}, in the language of its library. Its arguments are host, port, client id, user name, protocol level,
 * session expiry and the filters; the password is in {@code PARLEY_PASSWORD}. It reads lines "topic payload" and publishes each. It prints
 * JSON lines: {@code event} is "received", "subscribed" or "gave up". It ends with its input.
 */
final class Program implements LibraryClient {
    private static final int PATIENCE_SECONDS = 20;

    private final Journal journal;
    private final Process process;
    private final BufferedWriter input;

    /** @param command the interpreter and the script */
    Program(List<String> command, int level, Seat seat, Path errors) throws IOException {
        journal = seat.journal();
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        builder.command()
                .addAll(List.of(
                        io.parley.standalone.Addresses.HOST,
                        String.valueOf(seat.login().port()),
                        seat.login().clientId(),
                        seat.login().userName(),
                        String.valueOf(level),
                        String.valueOf(Seat.EXPIRY_SECONDS)));
        builder.command().addAll(seat.filters());
        builder.environment().put("PARLEY_PASSWORD", seat.login().password());
        process = builder.redirectError(errors.toFile()).start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        Lines.follow(process, this::said);
    }

    private void said(String line) {
        JsonObject said = JsonParser.parseString(line).getAsJsonObject();
        switch (said.get("event").getAsString()) {
            case "received" ->
                journal.received(
                        said.get("topic").getAsString(),
                        said.get("payload").getAsString().getBytes(StandardCharsets.UTF_8),
                        said.get("dup").getAsBoolean());
            case "gave up" -> journal.problem(line);
            default -> {}
        }
    }

    @Override
    public synchronized void publish(String topic, String payload) {
        try {
            input.write(topic + " " + payload + "\n");
            input.flush();
        } catch (IOException e) {
            journal.problem("the program has ended before " + payload);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        input.close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
