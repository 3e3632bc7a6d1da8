package io.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where the bytes of complete attachments lie. A blob is stored as a whole or not at all, and never changes. Keys are an attachment's id, or that id with a
 * point and a variant's name. Methods wait for the store; they may be called on any thread.
 */
public interface BlobStore extends AutoCloseable {
    /** Takes over a complete file, durably. The file is gone afterwards. A blob of the same key is replaced. */
    void put(String key, Path file) throws IOException;

    /** A blob's size in bytes; -1 if there is none. */
    long size(String key) throws IOException;

    /**
     * Reads a blob from an offset on.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    InputStream read(String key, long offset) throws IOException;

    /** Deletes everything of an attachment: its blob and all variants. */
    void delete(String attachment) throws IOException;

    /** Whether there is room for so many bytes more. */
    boolean hasRoom(long bytes) throws IOException;

    @Override
    void close();
}
