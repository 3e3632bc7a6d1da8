package io.parley.standalone.libraries;

import com.google.gson.Gson;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the application of a client was given by its library, in that order; also written as JSON lines, for a look at a failed run. */
final class Journal implements AutoCloseable {
    private static final Gson GSON = new Gson();

    private final List<Received> received = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final BufferedWriter file;

    /**
     * A message.
     *
     * @param dup whether it was marked as sent before; null where the library does not tell
     */
    record Received(String topic, ChatEvent event, @Nullable Boolean dup) {}

    Journal(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file);
    }

    synchronized void received(String topic, byte[] payload, @Nullable Boolean dup) {
        ChatEvent.Builder event = ChatEvent.newBuilder();
        try {
            WireFormat.JSON.decode(payload, event);
        } catch (MalformedPayload e) {
            problem("received what is no event: " + new String(payload, StandardCharsets.UTF_8));
            return;
        }
        received.add(new Received(topic, event.build(), dup));
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("topic", topic);
        line.put("seq", event.getSeq());
        line.put("id", event.getId());
        line.put("text", event.getText());
        line.put("dup", dup);
        write(line);
    }

    /** The library gave something up, or did what it should not do. */
    synchronized void problem(String what) {
        problems.add(what);
        write(Map.of("problem", what));
    }

    private void write(Map<String, ?> line) {
        try {
            file.write(GSON.toJson(line));
            file.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
