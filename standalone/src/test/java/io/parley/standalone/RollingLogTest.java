package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingLogTest {

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
