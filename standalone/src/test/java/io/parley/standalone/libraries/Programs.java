package io.parley.standalone.libraries;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of this machine. */
public final class Programs {
    /** The interpreter of the system comes last: Debian's package of the library is for that one only. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private Programs() {}

    /** Whether all of these can be run. */
    public static boolean isOnPath(String... programs) {
        return Stream.of(programs)
                .allMatch(program -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
    }

    /** A Python that has paho-mqtt 1.6. */
    public static Optional<String> pythonWithPaho() throws IOException, InterruptedException {
        for (String python : PYTHONS) {
            if (python.startsWith("/") ? Files.isExecutable(Path.of(python)) : isOnPath(python)) {
                String test = "import paho.mqtt as m, sys; sys.exit(not m.__version__.startswith('1.6'))";
                Process process = new ProcessBuilder(python, "-c", test)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor() == 0) {
                    return Optional.of(python);
                }
            }
        }
        return Optional.empty();
    }
}
