package io.parley.push.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkLogTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_full_file_takes_the_place_of_the_one_before() throws Exception {
        Path file = folder.resolve("log");
        int lineBytes = record(1).toJson().length() + 1;
        try (SinkLog log = SinkLog.open(file, 2L * lineBytes)) {
            for (int seq = 1; seq <= 5; seq++) {
                log.append(record(seq));
            }
        }
        assertThat(file).hasContent(record(5).toJson());
        assertThat(folder.resolve("log.1"))
                .hasContent(record(3).toJson() + "\n" + record(4).toJson());
    }

    @Test
    void the_next_process_goes_on_after_the_last_whole_line() throws Exception {
        Path file = folder.resolve("log");
        try (SinkLog log = SinkLog.open(file)) {
            log.append(record(1));
        }
        Files.writeString(file, "{\"at\":", StandardOpenOption.APPEND);
        try (SinkLog log = SinkLog.open(file)) {
            log.append(record(2));
        }
        assertThat(file).hasContent(record(1).toJson() + "\n" + record(2).toJson());
    }

    private static SinkRecord record(int seq) {
        return new SinkRecord(
                "2026-01-01T00:00:00Z", "FCM", "t", "p", "c", "high", false, seq, "amy", "hi", "amy~bob", seq, false);
    }
}
