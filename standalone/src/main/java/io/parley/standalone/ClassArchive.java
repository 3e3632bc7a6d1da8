package io.parley.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * The JVM's archive of loaded classes (AppCDS), which halves a start. The first run of a class path writes it at its clean end; later
 * runs map it. The name is made of the JVM and of every jar's name, size and time, so that a stale one is never found. A platform
 * without archives only starts slower: nothing here is fatal.
 *
 * @param file the archive
 * @param fresh where a run writes it
 */
record ClassArchive(Path file, Path fresh) {

    /** @param writer the process, whose name tells its file from that of another one of the same class path */
    static ClassArchive of(Path target, List<Path> classPath, ProcessName writer) {
        Path folder = target.resolve("class-archive");
        String key = key(classPath);
        return new ClassArchive(
                folder.resolve(key + ".jsa"),
                folder.resolve(key + "." + ProcessHandle.current().pid() + "." + writer + ".new"));
    }

    /**
     * What the JVM is to be told.
     *
     * @param writes whether it may leave an archive behind if there is none: of several that are stopped at the same time one is enough
     */
    List<String> flags(boolean writes) {
        if (Files.isReadable(file)) {
            return List.of("-Xlog:cds=off", "-XX:SharedArchiveFile=" + file);
        }
        if (!writes) {
            return List.of("-Xlog:cds=off");
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-XX:ArchiveClassesAtExit=" + fresh);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Takes over what a run has written, after the process has ended by itself. */
    void keep(boolean cleanEnd) {
        try {
            if (cleanEnd && Files.exists(fresh)) {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                removeStale();
            } else {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            fresh.toFile().deleteOnExit();
        }
    }

    /** Archives of earlier builds, and what killed runs have left half done. */
    private void removeStale() throws IOException {
        Instant longAgo = Instant.now().minus(Duration.ofHours(1));
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(file.toAbsolutePath().getParent())) {
            for (Path other : found) {
                boolean inUse = other.getFileName().equals(file.getFileName())
                        || Files.getLastModifiedTime(other).toInstant().isAfter(longAgo);
                if (!inUse) {
                    Files.deleteIfExists(other);
                }
            }
        }
    }

    private static String key(List<Path> classPath) {
        StringBuilder text = new StringBuilder(System.getProperty("java.vm.version", ""));
        for (Path jar : classPath) {
            text.append('\n').append(jar);
            try {
                BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
                text.append(' ').append(attributes.size()).append(' ').append(attributes.lastModifiedTime());
            } catch (IOException e) {
                text.append(" missing");
            }
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
