package io.parley.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a process of the platform has logged since a moment. */
final class RoleLog {
    private final Path file;
    private final int from;

    private RoleLog(Path file) throws IOException {
        this.file = file;
        this.from = read().length;
    }

    static RoleLog fromNowOn(Platform platform, RoleName role) throws IOException {
        return new RoleLog(platform.data().resolve("log").resolve(role + ".log"));
    }

    String text() throws IOException {
        byte[] log = read();
        // A full log is moved away and begun anew.
        return new String(Arrays.copyOfRange(log, log.length < from ? 0 : from, log.length), StandardCharsets.UTF_8);
    }

    private byte[] read() throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }
}
