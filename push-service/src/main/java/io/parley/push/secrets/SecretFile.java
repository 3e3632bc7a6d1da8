package io.parley.push.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** A file with a key, which may be replaced while the process runs. It is told apart by its modification time, its size and, behind a link, its identity. */
public final class SecretFile {
    private final Path path;
    private @Nullable Version seen;

    private record Version(
            FileTime modified, long bytes, @Nullable Object file) {}

    public SecretFile(Path path) {
        this.path = path;
    }

    /**
     * What is in it. From now on {@link #hasChanged()} compares with this version.
     *
     * @throws IOException when it cannot be read; the message names the path
     */
    public byte[] read() throws IOException {
        // Before the bytes: a file that is replaced meanwhile is read once more.
        seen = version();
        return Files.readAllBytes(path);
    }

    /** Whether it is another one than what was read last. False while it does not exist. */
    public boolean hasChanged() {
        try {
            return !version().equals(seen);
        } catch (IOException missing) {
            return false;
        }
    }

    /** Its path, for log lines. */
    @Override
    public String toString() {
        return path.toString();
    }

    private Version version() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
