package io.parley.push.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What was accepted, one line of JSON each, written before the sender has its answer. When the file has {@value #LIMIT_BYTES} bytes it becomes {@code NAME.1}, in place of
 * the one before. Thread-safe.
 */
final class SinkLog implements AutoCloseable {
    private static final long LIMIT_BYTES = 16 << 20;

    private final Path file;
    private final long limitBytes;
    private FileChannel out;

    private SinkLog(Path file, long limitBytes) throws IOException {
        this.file = file;
        this.limitBytes = limitBytes;
        this.out = open();
    }

    static SinkLog open(Path file) throws IOException {
        return open(file, LIMIT_BYTES);
    }

    static SinkLog open(Path file, long limitBytes) throws IOException {
        return new SinkLog(file, limitBytes);
    }

    /** @throws UncheckedIOException when it cannot be written */
    synchronized void append(SinkRecord record) {
        ByteBuffer line = ByteBuffer.wrap((record.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            if (out.position() + line.remaining() > limitBytes && out.position() > 0) {
                out.close();
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                out = open();
            }
            while (line.hasRemaining()) {
                out.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.position(endOfLastLine());
        channel.truncate(channel.position());
        return channel;
    }

    /** A line that was cut by the end of a process goes: its sender had no answer, and sends again. */
    private long endOfLastLine() throws IOException {
        if (Files.notExists(file)) {
            return 0;
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
