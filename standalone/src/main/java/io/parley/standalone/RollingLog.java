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
            int read = in.read(buffer);
            while (read >= 0) {
                read = copyUpToLimit(in, buffer, read);
            }
        } catch (IOException e) {
            // The process has ended or the disk is full: either shows elsewhere.
        }
    }

    private int copyUpToLimit(InputStream in, byte[] buffer, int firstRead) throws IOException {
        int read = firstRead;
        long written = Files.exists(file) ? Files.size(file) : 0;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (read >= 0 && written < LIMIT_BYTES) {
                out.write(buffer, 0, read);
                written += read;
                read = in.read(buffer);
            }
        }
        if (written >= LIMIT_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return read;
    }
}
