package io.parley.standalone.libraries;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a process prints, line by line, on a thread of its own. */
final class Lines {
    private Lines() {}

    static void follow(Process process, Consumer<String> said) {
        Thread reader = new Thread(() -> read(process, said), "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(Process process, Consumer<String> said) {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.accept(line);
            }
        } catch (IOException e) {
            // The process was ended.
        }
    }
}
