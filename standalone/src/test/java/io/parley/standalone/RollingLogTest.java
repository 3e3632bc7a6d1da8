package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RollingLogTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void after_a_full_disk_the_log_goes_on(@TempDir Path dir) throws Exception {
        Path file = Files.createSymbolicLink(dir.resolve("role.log"), Path.of("/dev/full"));
        RollingLog log = new RollingLog(file);
        try (PipedOutputStream process = new PipedOutputStream()) {
            log.follow(new PipedInputStream(process, 16), "test");

            process.write("more than the pipe holds, so that it is taken\n".getBytes(StandardCharsets.UTF_8));
            Files.delete(file);
            await().untilAsserted(() -> {
                process.write("afterwards\n".getBytes(StandardCharsets.UTF_8));
                process.flush();
                assertThat(log.tail(1)).containsExactly("afterwards");
            });
        }
    }

    @Test
    void a_log_keeps_its_newest_part_within_the_limit(@TempDir Path dir) {
        Path file = dir.resolve("role.log");
        RollingLog log = new RollingLog(file);
        String output = "x".repeat((int) RollingLog.LIMIT_BYTES + 10_000) + "\nlast line\n";

        log.follow(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)), "test");

        await().untilAsserted(() -> assertThat(log.tail(1)).containsExactly("last line"));
        assertThat(Files.exists(dir.resolve("role.log.1"))).isTrue();
    }
}
