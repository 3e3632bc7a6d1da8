package io.parley.media;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Temporary files of this machine. What a crash left behind is deleted after a day, when a process starts. */
final class Scratch {
    private static final String PREFIX = "made";
    private static final String SUFFIX = ".tmp";
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Path directory;

    Scratch(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        Instant oldest = Instant.now().minus(LONGEST);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A new empty file. The caller deletes it. */
    Path file() throws IOException {
        return Files.createTempFile(directory, PREFIX, SUFFIX);
    }

    /** Whether the file system keeps {@code reserve} bytes free after so many bytes more. */
    boolean hasRoom(long bytes, long reserve) throws IOException {
        return Files.getFileStore(directory).getUsableSpace() - bytes >= reserve;
    }
}
