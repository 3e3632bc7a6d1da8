package io.parley.history;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A small file system in memory, which a test can fill. */
final class Disk {
    private Disk() {}

    /** Skips the test if this user may not mount anything; the continuous integration may. */
    static void assumeMounted(Path on, String size) throws IOException, InterruptedException {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", on.toString()) == 0,
                "a file system cannot be mounted here");
    }

    static void unmount(Path from) throws IOException, InterruptedException {
        if (run("umount", "-l", from.toString()) != 0) {
            throw new IOException("it stays mounted: " + from);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
        } catch (IOException e) {
            // There is no such program.
            return -1;
        }
    }
}
