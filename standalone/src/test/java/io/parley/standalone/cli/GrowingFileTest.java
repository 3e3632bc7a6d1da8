package io.parley.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void the_last_lines_come_first_then_what_is_written_then_what_is_in_the_file_that_replaces_it() throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "1\n2\n3\n4");
        List<String> came = new ArrayList<>();
        try (GrowingFile lines = GrowingFile.fromLast(file, 2)) {
            Files.writeString(file, "0\n5\n", StandardOpenOption.APPEND);
            lines.follow(came::add, () -> came.size() < 4);
            Files.writeString(file, "6\n", StandardOpenOption.APPEND);
            Files.move(file, folder.resolve("log.1"));
            Files.writeString(file, "7\n");
            lines.follow(came::add, () -> came.size() < 6);
        }
        assertThat(came).containsExactly("2", "3", "40", "5", "6", "7");
    }

    @Test
    void the_file_need_not_be_there_yet() throws Exception {
        Path file = folder.resolve("log");
        List<String> came = new ArrayList<>();
        try (GrowingFile lines = GrowingFile.fromLast(file, 2)) {
            Files.writeString(file, "1\n");
            lines.follow(came::add, () -> came.isEmpty());
        }
        assertThat(came).containsExactly("1");
    }
}
