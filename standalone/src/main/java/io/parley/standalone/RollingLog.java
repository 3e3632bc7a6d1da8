package io.parley.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A process's output on disk: {@code name.log}, and the one before as {@code name.log.1}, each up to {@value #LIMIT_BYTES} bytes.
 */
final class RollingLog {
    static final long LIMIT_BYTES = 16 << 20;

    private final Path file;

    RollingLog(Path file) {
        this.file = file;
    }

    /** Copies {@code in} to the log until it ends, on a thread of its own. */
    void follow(InputStream in, String name) {
        Thread thread = new Thread(() -> copy(in), "log-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The last {@code count} lines. */
    List<String> tail(int count) {
        try (java.util.stream.Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - count), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private void copy(InputStream in) {
        byte[] buffer = new byte[8192];
        try (in) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                append(buffer, read);
            }
        } catch (IOException e) {
            // The process has ended: that shows elsewhere.
        }
    }

    private void append(byte[] bytes, int length) {
        try {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(bytes, 0, length);
            }
            if (Files.size(file) >= LIMIT_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            // The disk is full: this part is lost, the next is tried again. A process whose output nobody takes would
            // stand still.
        }
    }
}
