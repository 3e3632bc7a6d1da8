package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.io.IOException;
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

/** The files of unfinished uploads. A file's length is the upload's offset. One appends to a file at a time, in all processes. */
final class UploadFiles {
    private final Path directory;
    private final ConcurrentMap<String, Appending> appending = new ConcurrentHashMap<>();

    UploadFiles(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Where the file is, or would be. */
    Path path(String id) {
        return directory.resolve(Directories.checked(id));
    }

    /** How many bytes there are; 0 without a file. */
    long offset(String id) throws IOException {
        Path path = path(id);
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /** A new file beside the uploads, for what is made from one. */
    Path temporary() throws IOException {
        return Files.createTempFile(directory, "made", ".tmp");
    }

    void delete(String id) throws IOException {
        takeOver(id);
        Files.deleteIfExists(path(id));
    }

    /**
     * Goes on with an upload. Who appends to it in this process is stopped: the connection of a client that comes again is broken, though nobody
     * may have noticed.
     *
     * @throws MediaRefusal CONFLICT if the file does not end there, or another process appends
     */
    Appending append(String id, long offset) throws IOException {
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
            Appending opened = new Appending(id, channel, offset);
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
        Appending before = appending.get(id);
        if (before != null) {
            before.close();
        }
    }

    /** Writes behind the end of an upload. What was written before {@link #close} is durable after it. */
    final class Appending implements AutoCloseable {
        private final String id;
        private final FileChannel channel;
        private final long start;
        private long offset;

        private Appending(String id, FileChannel channel, long start) {
            this.id = id;
            this.channel = channel;
            this.start = start;
            this.offset = start;
        }

        /** @throws MediaRefusal CONFLICT if somebody else has gone on with the upload */
        synchronized void write(ByteBuffer bytes) throws IOException {
            if (!channel.isOpen()) {
                throw new MediaRefusal(ErrorCode.CONFLICT, "another connection has gone on with this upload");
            }
            while (bytes.hasRemaining()) {
                offset += channel.write(bytes);
            }
        }

        /** Takes back what was written here. */
        synchronized void undo() throws IOException {
            if (channel.isOpen()) {
                channel.truncate(start).position(start);
                offset = start;
            }
        }

        /** Where the next byte goes. */
        synchronized long offset() {
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
}
