package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderOutboxStoreTest {
    private final Path folder;

    FolderOutboxStoreTest(@TempDir Path temporary) {
        this.folder = temporary.resolve("outbox");
    }

    private static Unsent unsent(String id) {
        return new Unsent(
                "alice~bob",
                Publication.newBuilder()
                        .setId(id)
                        .setText("two\nlines of " + id)
                        .build());
    }

    @Test
    void the_next_program_finds_what_was_not_acknowledged_in_its_order() throws IOException {
        OutboxStore store = OutboxStore.folder(folder);
        for (int i = 0; i < 12; i++) {
            store.add(unsent("m" + i));
        }
        store.remove(unsent("m3"));

        OutboxStore next = OutboxStore.folder(folder);
        assertThat(next.load()).hasSize(11).startsWith(unsent("m0"), unsent("m1"), unsent("m2"), unsent("m4"));
        next.add(unsent("new"));
        next.remove(unsent("m0"));
        assertThat(OutboxStore.folder(folder).load())
                .hasSize(11)
                .startsWith(unsent("m1"))
                .endsWith(unsent("new"));
    }

    @Test
    void the_same_message_is_kept_once() throws IOException {
        OutboxStore store = OutboxStore.folder(folder);
        store.add(unsent("m"));
        store.add(unsent("m"));
        store.remove(unsent("m"));
        assertThat(OutboxStore.folder(folder).load()).isEmpty();
    }

    @Test
    void a_file_that_was_not_finished_is_no_message() throws IOException {
        OutboxStore store = OutboxStore.folder(folder);
        Files.writeString(folder.resolve("0000000000000000001.part"), "alice~bob\n{\"te");
        assertThat(store.load()).isEmpty();
    }

    @Test
    void a_file_that_is_no_message_is_named() throws IOException {
        OutboxStore store = OutboxStore.folder(folder);
        store.add(unsent("m"));
        try (Stream<Path> files = Files.list(folder)) {
            Files.writeString(files.findFirst().orElseThrow(), "alice~bob\n{\"te");
        }
        assertThatThrownBy(() -> OutboxStore.folder(folder).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0000000000000000001.message holds no message");
    }
}
