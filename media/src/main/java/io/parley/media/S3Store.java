package io.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Blobs as objects {@code blobs/KEY} of a bucket. */
final class S3Store implements BlobStore {
    static final String PREFIX = "blobs/";

    private final S3Bucket bucket;
    private final Scratch scratch;
    private final long reserve;

    /**
     * Blobs of a bucket, which it closes.
     *
     * @param reserve bytes that stay free where temporary files are
     */
    S3Store(S3Bucket bucket, Scratch scratch, long reserve) {
        this.bucket = bucket;
        this.scratch = scratch;
        this.reserve = reserve;
    }

    @Override
    public void put(String key, Path file) throws IOException {
        bucket.put(object(key), file);
        Files.delete(file);
    }

    @Override
    public long size(String key) throws IOException {
        return bucket.find(object(key)).map(S3Bucket.Stored::size).orElse(-1L);
    }

    @Override
    public InputStream read(String key, long offset) throws IOException {
        // S3 refuses a range that begins at the end.
        if (offset > 0) {
            S3Bucket.Stored found = bucket.find(object(key)).orElseThrow(() -> new NoSuchFileException(key));
            if (offset >= found.size()) {
                return InputStream.nullInputStream();
            }
        }
        return bucket.read(object(key), offset);
    }

    @Override
    public void delete(String attachment) throws IOException {
        List<String> keys = new ArrayList<>(List.of(object(attachment)));
        for (S3Bucket.Stored variant : bucket.list(object(attachment) + ".")) {
            keys.add(variant.key());
        }
        bucket.delete(keys);
    }

    /** The bucket has room; what is on the way through this machine may not. */
    @Override
    public boolean hasRoom(long bytes) throws IOException {
        return scratch.hasRoom(bytes, reserve);
    }

    @Override
    public void close() {
        bucket.close();
    }

    private static String object(String key) {
        return PREFIX + Directories.checked(key);
    }
}
