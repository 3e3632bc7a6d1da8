package io.parley.bench.pushing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What counterparts accept from now on: the lines that come to their file, which is renamed when it has grown. One thread. */
public final class SinkFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ObjectMapper json = new ObjectMapper();
    private final Path file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private FileChannel channel;
    private @Nullable Object key;
    private byte[] begun = new byte[0];

    /**
     * A notification that was accepted.
     *
     * @param atMicros when, microseconds since the epoch
     * @param token of the device
     * @param body what is shown; empty if nothing
     * @param seq of the message; 0 if it says nothing of a message
     */
    public record Accepted(long atMicros, String token, String body, int seq) {}

    private SinkFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.key = keyOf(file);
        channel.position(channel.size());
    }

    /** @throws NoSuchFileException when there is no such file */
    public static SinkFile end(Path file) throws IOException {
        return new SinkFile(file);
    }

    /** What came since the last time. */
    public List<Accepted> read() throws IOException {
        List<Accepted> came = new ArrayList<>();
        drain(came);
        if (isRenamed()) {
            // It got its last line before it was renamed.
            drain(came);
            channel.close();
            channel = FileChannel.open(file, StandardOpenOption.READ);
            key = keyOf(file);
            begun = new byte[0];
            drain(came);
        }
        return came;
    }

    private boolean isRenamed() throws IOException {
        try {
            Object now = keyOf(file);
            return now != null && !now.equals(key);
        } catch (NoSuchFileException e) {
            // In a moment there is a new one.
            return false;
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
    }

    private void drain(List<Accepted> into) throws IOException {
        buffer.clear();
        while (channel.read(buffer) > 0) {
            buffer.flip();
            lines(into);
            buffer.clear();
        }
    }

    private void lines(List<Accepted> into) throws IOException {
        byte[] bytes = new byte[begun.length + buffer.remaining()];
        System.arraycopy(begun, 0, bytes, 0, begun.length);
        buffer.get(bytes, begun.length, buffer.remaining());
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                into.add(accepted(new String(bytes, from, i - from, StandardCharsets.UTF_8)));
                from = i + 1;
            }
        }
        begun = java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private Accepted accepted(String line) throws IOException {
        try {
            JsonNode record = json.readTree(line);
            long micros = ChronoUnit.MICROS.between(
                    Instant.EPOCH, Instant.parse(record.path("at").asText()));
            return new Accepted(
                    micros,
                    record.path("token").asText(),
                    record.path("body").asText(),
                    record.path("withdraw").asBoolean() ? 0 : record.path("seq").asInt());
        } catch (JsonProcessingException | java.time.DateTimeException e) {
            throw new IOException("a line of " + file + " is no notification", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
