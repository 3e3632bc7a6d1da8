package io.parley.plugins.hosting;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The folder of plugins: {@code *.jar}; beside it {@code ID.properties}, a plugin's settings, {@code ID.disabled} when it is disabled, and {@code ID.failed}
 * when it was switched off. The files are the state: other processes change it by them.
 */
public final class PluginFolder {
    private final Path folder;

    public PluginFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Which version of a file it is.
     *
     * @param bytes its size
     * @param modifiedMillis when it was written
     */
    record Stamp(long bytes, long modifiedMillis) {}

    /**
     * Why a plugin was switched off.
     *
     * @param stamp of the jar that it was: another one is not switched off
     * @param refuses whether its filter refuses what it does not see
     * @param authenticates whether it knew tokens
     */
    record Failure(String reason, Stamp stamp, boolean refuses, boolean authenticates) {}

    /** The jars that are there, by name. */
    Map<Path, Stamp> jars() throws IOException {
        Map<Path, Stamp> found = new TreeMap<>();
        Files.createDirectories(folder);
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                try {
                    found.put(
                            jar,
                            new Stamp(
                                    Files.size(jar),
                                    Files.getLastModifiedTime(jar).toMillis()));
                } catch (NoSuchFileException goneMeanwhile) {
                    // As if it had not been there.
                }
            }
        }
        return found;
    }

    /** A plugin's settings. */
    Map<String, String> settings(String id) throws IOException {
        Map<String, String> settings = new HashMap<>();
        read(file(id, "properties"))
                .ifPresent(found ->
                        found.stringPropertyNames().forEach(name -> settings.put(name, found.getProperty(name))));
        return settings;
    }

    boolean isDisabled(String id) {
        return Files.exists(file(id, "disabled"));
    }

    /** Why a jar was switched off; empty if it was not. */
    Optional<Failure> failure(String id, Stamp stamp) throws IOException {
        return read(file(id, "failed"))
                .map(found -> new Failure(
                        found.getProperty("reason", ""),
                        new Stamp(number(found, "bytes"), number(found, "modified")),
                        Boolean.parseBoolean(found.getProperty("refuses")),
                        Boolean.parseBoolean(found.getProperty("authenticates"))))
                .filter(failure -> failure.stamp().equals(stamp));
    }

    private static long number(Properties found, String name) {
        try {
            return Long.parseLong(found.getProperty(name, ""));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    void fail(String id, Failure failure) throws IOException {
        Properties written = new Properties();
        written.setProperty("reason", failure.reason());
        written.setProperty("bytes", String.valueOf(failure.stamp().bytes()));
        written.setProperty("modified", String.valueOf(failure.stamp().modifiedMillis()));
        written.setProperty("refuses", String.valueOf(failure.refuses()));
        written.setProperty("authenticates", String.valueOf(failure.authenticates()));
        Path fresh = Files.createTempFile(folder, "." + id, ".new");
        try (var out = Files.newBufferedWriter(fresh)) {
            written.store(out, "Switched off. It runs again when this file is removed: ./parley plugins enable " + id);
        }
        Files.move(fresh, file(id, "failed"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Lets a plugin run. */
    void enable(String id) throws IOException {
        Files.deleteIfExists(file(id, "failed"));
        Files.deleteIfExists(file(id, "disabled"));
    }

    /** Lets a plugin run no more. */
    void disable(String id) throws IOException {
        if (!isDisabled(id)) {
            Files.createFile(file(id, "disabled"));
        }
    }

    private Path file(String id, String kind) {
        return folder.resolve(id + "." + kind);
    }

    private static Optional<Properties> read(Path file) throws IOException {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            found.load(reader);
            return Optional.of(found);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no file of properties: " + e.getMessage(), e);
        }
    }
}
