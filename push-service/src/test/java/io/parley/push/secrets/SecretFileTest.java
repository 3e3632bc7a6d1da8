package io.parley.push.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void it_has_changed_when_its_time_or_its_size_has_and_until_it_is_read() throws Exception {
        Path path = Files.writeString(folder.resolve("key"), "one");
        SecretFile file = new SecretFile(path);
        assertThat(file.read()).asString().isEqualTo("one");
        assertThat(file.hasChanged()).isFalse();

        Files.writeString(path, "other");
        assertThat(file.hasChanged()).isTrue();
        assertThat(file.read()).asString().isEqualTo("other");
        assertThat(file.hasChanged()).isFalse();

        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(file.hasChanged()).isTrue();
    }

    @Test
    void another_file_in_its_place_is_a_change_whatever_its_time_and_size() throws Exception {
        Path path = Files.writeString(folder.resolve("key"), "one");
        Path next = Files.writeString(folder.resolve("next"), "two");
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(path));
        SecretFile file = new SecretFile(path);
        file.read();

        Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);

        assertThat(file.hasChanged()).isTrue();
    }

    @Test
    void while_it_is_missing_it_has_not_changed_and_reading_it_names_it() {
        Path path = folder.resolve("missing");
        SecretFile file = new SecretFile(path);

        assertThat(file.hasChanged()).isFalse();
        assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("missing");
    }
}
