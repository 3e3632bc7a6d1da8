package io.parley.standalone;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built project on this machine.
 *
 * @param home its top folder
 */
public record Installation(Path home) {

    /**
     * The project that this code was started from: the system property {@code parley.home}, or the nearest folder above the current
     * one that looks like it.
     */
    public static Installation find() throws PlatformException {
        String given = System.getProperty("parley.home", "");
        @Nullable Path place = given.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(given);
        while (place != null) {
            if (Files.isDirectory(place.resolve("standalone").resolve("kafka-server"))) {
                return new Installation(place);
            }
            place = given.isEmpty() ? place.getParent() : null;
        }
        throw new PlatformException("the project's folder is not found: start it with ./parley");
    }

    /**
     * The jars of a module: its own, then those that it depends on, by name.
     *
     * @throws PlatformException when it is not built
     */
    public List<Path> classPath(String module) throws IOException, PlatformException {
        List<Path> jars = new ArrayList<>();
        try {
            jars.addAll(jarsIn(target(module), "parley-*.jar"));
            jars.addAll(jarsIn(target(module).resolve("lib"), "*.jar"));
        } catch (NoSuchFileException e) {
            throw new PlatformException(
                    module + " is not built (" + e.getMessage() + "): run ./parley, which builds it");
        }
        return jars;
    }

    /** Where a module keeps what its build and its runs make. */
    public Path target(String module) {
        return home.resolve(module).resolve("target");
    }

    private static List<Path> jarsIn(Path folder, String glob) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(jars::add);
        }
        Collections.sort(jars);
        return jars;
    }
}
