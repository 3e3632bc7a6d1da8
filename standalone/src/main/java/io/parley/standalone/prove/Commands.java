package io.parley.standalone.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of the system that faults need. */
final class Commands {
    private Commands() {}

    /** Whether one of that name can be run. */
    static boolean has(String name) {
        return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** @throws IOException when it fails, with what it said */
    static void run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.onExit().join().exitValue();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " failed with " + code + ": " + said);
        }
    }
}
