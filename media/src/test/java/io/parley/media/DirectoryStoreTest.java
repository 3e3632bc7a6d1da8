package io.parley.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryStoreTest extends StoreContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Override
    BlobStore blobs() throws IOException {
        return new DirectoryStore(directory.resolve("blobs"), 0);
    }

    @Override
    UploadStore uploads() throws IOException {
        return new UploadFiles(directory.resolve("uploads"), blobs());
    }

    @Override
    long traces(String upload) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("uploads"))) {
            return files.count();
        }
    }
}
