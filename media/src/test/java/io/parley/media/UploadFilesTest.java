package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UploadFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void an_upload_goes_on_at_its_end_and_nowhere_else() throws Exception {
        UploadFiles files = files();
        write(files, 0, 1, 2, 3);

        assertThatThrownBy(() -> files.append("a", 2, false))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
        write(files(), 3, 4);

        assertThat(files.offset("a")).isEqualTo(4);
        assertThat(Files.readAllBytes(files.path("a"))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void who_comes_again_takes_over() throws Exception {
        UploadFiles files = files();
        UploadStore.Appending broken = files.append("a", 0, false);
        broken.write(ByteBuffer.wrap(new byte[] {1}));

        write(files, 1, 2);

        assertThatThrownBy(() -> broken.write(ByteBuffer.wrap(new byte[] {9})))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
        broken.undo();
        assertThat(Files.readAllBytes(files.path("a"))).containsExactly(1, 2);
    }

    @Test
    void what_was_written_can_be_taken_back() throws Exception {
        UploadFiles files = files();
        write(files, 0, 1);
        try (UploadStore.Appending appending = files.append("a", 1, false)) {
            appending.write(ByteBuffer.wrap(new byte[] {7, 8}));
            appending.undo();
            appending.write(ByteBuffer.wrap(new byte[] {2}));
        }

        assertThat(Files.readAllBytes(files.path("a"))).containsExactly(1, 2);
    }

    @Test
    void a_full_disk_has_no_room() throws Exception {
        assertThat(new DirectoryStore(directory, Long.MAX_VALUE).hasRoom(1)).isFalse();
        assertThat(new DirectoryStore(directory, 0).hasRoom(1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../a", "a/b", "A", "a.b.c", "."})
    void a_key_names_no_file_elsewhere(String key) throws Exception {
        DirectoryStore blobs = new DirectoryStore(directory, 0);

        assertThatThrownBy(() -> blobs.size(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files().path(key)).isInstanceOf(IllegalArgumentException.class);
    }

    private UploadFiles files() throws Exception {
        return new UploadFiles(directory, new DirectoryStore(directory.resolve("blobs"), 0));
    }

    private static void write(UploadFiles files, long offset, int... bytes) throws Exception {
        try (UploadStore.Appending appending = files.append("a", offset, false)) {
            for (int each : bytes) {
                appending.write(ByteBuffer.wrap(new byte[] {(byte) each}));
            }
        }
    }
}
