package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Unfinished uploads as files. A file's length is the upload's offset. One appends to a file at a time, in all processes. */
final class UploadFiles implements UploadStore {
    private final Path directory;
    private final Scratch scratch;
    private final BlobStore blobs;
    private final ConcurrentMap<String, AppendingFile> appending = new ConcurrentHashMap<>();

    /** @param blobs takes over complete files: they must lie on the same file system */
    UploadFiles(Path directory, BlobStore blobs) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.scratch = new Scratch(directory);
        this.blobs = blobs;
    }

    /** Where the file is, or would be. */
    Path path(String id) {
        return directory.resolve(Directories.checked(id));
    }

    @Override
    public long offset(String id) throws IOException {
        Path path = path(id);
        return Files.exists(path) ? Files.size(path) : 0;
    }

    @Override
    public Path temporary() throws IOException {
        return scratch.file();
    }

    /** Who appends has the file's lock, and a deleted file is never found again. */
    @Override
    public boolean isLateWritten() {
        return false;
    }

    @Override
    public Whole whole(String id) throws IOException {
        Path file = path(id);
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        return new WholeFile(file, blobs);
    }

    @Override
    public void delete(String id) throws IOException {
        takeOver(id);
        Files.deleteIfExists(path(id));
    }

    /** {@inheritDoc} A file can be cut at any time: all appending can be taken back. */
    @Override
    public Appending append(String id, long offset, boolean whole) throws IOException {
        takeOver(id);
        FileChannel channel = FileChannel.open(path(id), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw new MediaRefusal(ErrorCode.CONFLICT, "another connection sends this upload: try again later");
            }
            if (channel.size() != offset) {
                throw new MediaRefusal(
                        ErrorCode.CONFLICT, "offset is not where the upload ends: go on at " + channel.size());
            }
            channel.position(offset);
            AppendingFile opened = new AppendingFile(id, channel, offset);
            appending.put(id, opened);
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private void takeOver(String id) throws IOException {
        AppendingFile before = appending.get(id);
        if (before != null) {
            before.close();
        }
    }

    private final class AppendingFile implements Appending {
        private final String id;
        private final FileChannel channel;
        private final long start;
        private long offset;

        private AppendingFile(String id, FileChannel channel, long start) {
            this.id = id;
            this.channel = channel;
            this.start = start;
            this.offset = start;
        }

        @Override
        public synchronized void write(ByteBuffer bytes) throws IOException {
            if (!channel.isOpen()) {
                throw new MediaRefusal(ErrorCode.CONFLICT, "another connection has gone on with this upload");
            }
            while (bytes.hasRemaining()) {
                offset += channel.write(bytes);
            }
        }

        @Override
        public synchronized void undo() throws IOException {
            if (channel.isOpen()) {
                channel.truncate(start).position(start);
                offset = start;
            }
        }

        @Override
        public synchronized long offset() {
            return offset;
        }

        @Override
        public synchronized void close() throws IOException {
            appending.remove(id, this);
            try (channel) {
                if (channel.isOpen()) {
                    channel.force(true);
                }
            }
        }
    }

    private record WholeFile(Path file, BlobStore blobs) implements Whole {
        @Override
        public long size() throws IOException {
            return Files.size(file);
        }

        @Override
        public InputStream read() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public void keep(String key) throws IOException {
            blobs.put(key, file);
        }

        @Override
        public void close() {}
    }
}
