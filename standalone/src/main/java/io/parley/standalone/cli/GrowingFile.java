package io.parley.standalone.cli;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a file that another process writes, as they come. The file may be replaced by a new one of the same name: then the rest of the old one comes first.
 * For one thread.
 */
final class GrowingFile implements Closeable {
    private static final long POLL_MILLIS = 100;

    private final Path file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> first = new ArrayDeque<>();
    private @Nullable InputStream in;
    private @Nullable Object opened;

    private GrowingFile(Path file) {
        this.file = file;
    }

    /** From the {@code last} lines on that are there now. The file need not be there yet. */
    static GrowingFile fromLast(Path file, int last) throws IOException {
        GrowingFile growing = new GrowingFile(file);
        growing.open();
        for (Optional<String> one = growing.next(); one.isPresent(); one = growing.next()) {
            growing.first.add(one.get());
            if (growing.first.size() > last) {
                growing.first.remove();
            }
        }
        return growing;
    }

    /** Hands on each line until {@code wanted} says no, which is asked between them and while none comes. */
    void follow(Consumer<String> show, BooleanSupplier wanted) throws IOException, InterruptedException {
        first.forEach(show);
        first.clear();
        while (wanted.getAsBoolean()) {
            Optional<String> one = next();
            if (one.isPresent()) {
                show.accept(one.get());
            } else if (!isReplaced()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** The next whole line, if there is one. */
    private Optional<String> next() throws IOException {
        InputStream from = in;
        if (from == null) {
            return Optional.empty();
        }
        for (int next = from.read(); next >= 0; next = from.read()) {
            if (next == '\n') {
                String whole = line.toString(StandardCharsets.UTF_8);
                line.reset();
                return Optional.of(whole);
            }
            line.write(next);
        }
        return Optional.empty();
    }

    /** Goes over to the file of that name, if it is another one; true if so. Only when the old one was read to its end. */
    private boolean isReplaced() throws IOException {
        Optional<Object> now = key();
        if (now.isEmpty() || now.get().equals(opened)) {
            return false;
        }
        // What was written between the last read and the replacement.
        InputStream before = in;
        if (before != null && before.available() > 0) {
            return true;
        }
        open();
        return true;
    }

    private void open() throws IOException {
        close();
        Optional<Object> now = key();
        if (now.isPresent()) {
            in = new java.io.BufferedInputStream(Files.newInputStream(file));
            opened = now.get();
        }
    }

    private Optional<Object> key() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        InputStream before = in;
        if (before != null) {
            before.close();
        }
    }
}
