package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Unfinished uploads in a bucket. What came is in parts of a multipart upload of {@code uploads/ID/whole}, of which S3 takes no small ones, and behind them
 * in pieces, which are objects {@code uploads/ID/BEGIN-END}: each connection leaves one. As soon as there is enough for a part, it is uploaded and the pieces
 * that it covers are deleted. While a connection is open, what it brought since the last part is in a temporary file.
 *
 * <p>There is no lock between processes. Two may write the same bytes, but bytes that were acknowledged are never replaced by fewer: pieces that overlap
 * stand beside each other, and of several multipart uploads the longest counts.
 */
final class S3Uploads implements UploadStore {
    private static final String PREFIX = "uploads/";
    private static final String WHOLE = "whole";
    /** With so many, one piece is made of them. */
    private static final int MOST_PIECES = 64;

    private final S3Bucket bucket;
    private final Scratch scratch;
    private final int partBytes;
    private final ConcurrentMap<String, AppendingParts> appending = new ConcurrentHashMap<>();

    S3Uploads(S3Bucket bucket, Scratch scratch, int partBytes) {
        this.bucket = bucket;
        this.scratch = scratch;
        this.partBytes = partBytes;
    }

    /** Where a client puts an upload that it sends to S3 itself. */
    static String wholeKey(String id) {
        return prefix(id) + WHOLE;
    }

    private static String prefix(String id) {
        return PREFIX + Directories.checked(id) + "/";
    }

    @Override
    public long offset(String id) throws IOException {
        return S3Progress.of(bucket, id).offset();
    }

    @Override
    public Path temporary() throws IOException {
        return scratch.file();
    }

    /** Another process may end its connection, and a client may use its address again. */
    @Override
    public boolean isLateWritten() {
        return true;
    }

    @Override
    public void delete(String id) throws IOException {
        AppendingParts before = appending.get(id);
        if (before != null) {
            before.abandon();
        }
        bucket.abortMultiparts(wholeKey(id));
        List<String> keys =
                bucket.list(prefix(id)).stream().map(S3Bucket.Stored::key).toList();
        bucket.delete(keys);
    }

    @Override
    public Appending append(String id, long offset, boolean whole) throws IOException {
        AppendingParts before = appending.get(id);
        if (before != null) {
            before.close();
        }
        S3Progress progress = S3Progress.of(bucket, id);
        if (progress.offset() != offset) {
            throw new MediaRefusal(
                    ErrorCode.CONFLICT, "offset is not where the upload ends: go on at " + progress.offset());
        }
        AppendingParts opened = new AppendingParts(id, progress, whole);
        appending.put(id, opened);
        return opened;
    }

    @Override
    public Whole whole(String id) throws IOException {
        S3Progress progress = S3Progress.of(bucket, id);
        Optional<S3Bucket.Stored> there = progress.whole();
        if (there.isPresent()) {
            return new WholeObject(id, there.get());
        }
        if (progress.multipart() == null || progress.parts().isEmpty()) {
            return gathered(id, progress);
        }
        String key = wholeKey(id);
        if (progress.offset() > progress.partsEnd()) {
            bucket.putPart(
                    key,
                    progress.multipart(),
                    progress.parts().size() + 1,
                    new S3Bucket.Bytes(
                            progress.offset() - progress.partsEnd(),
                            () -> progress.tail(bucket, progress.partsEnd(), progress.offset())));
        }
        List<software.amazon.awssdk.services.s3.model.Part> parts = bucket.parts(key, progress.multipart());
        bucket.finishMultipart(
                key,
                progress.multipart(),
                parts.stream()
                        .filter(part -> part.partNumber() <= progress.parts().size() + 1)
                        .toList());
        return new WholeObject(id, bucket.find(key).orElseThrow(() -> new IOException("S3 lost an upload")));
    }

    /** What is too small for parts. */
    private Whole gathered(String id, S3Progress progress) throws IOException {
        Path file = scratch.file();
        try (InputStream in = progress.tail(bucket, 0, progress.offset());
                OutputStream out = Files.newOutputStream(file)) {
            in.transferTo(out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new GatheredFile(id, file);
    }

    private final class WholeObject implements Whole {
        private final String id;
        private final S3Bucket.Stored object;

        WholeObject(String id, S3Bucket.Stored object) {
            this.id = id;
            this.object = object;
        }

        @Override
        public long size() {
            return object.size();
        }

        @Override
        public InputStream read() throws IOException {
            return bucket.read(object);
        }

        @Override
        public void keep(String key) throws IOException {
            bucket.copy(object, S3Store.PREFIX + Directories.checked(key));
            delete(id);
        }

        @Override
        public void close() {}
    }

    private final class GatheredFile implements Whole {
        private final String id;
        private final Path file;

        GatheredFile(String id, Path file) {
            this.id = id;
            this.file = file;
        }

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
            bucket.put(S3Store.PREFIX + Directories.checked(key), file);
            delete(id);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /** What a connection brings. The temporary file has what came behind {@link #fileStart}; behind {@link #partsEnd} nothing is in a part. */
    private final class AppendingParts implements Appending {
        private final String id;
        private final String key;
        private final S3Progress before;
        private final boolean whole;
        private final Path file;
        private final FileChannel channel;
        private final long start;
        private @Nullable String multipart;
        private int parts;
        private long partsEnd;
        private long fileStart;
        private long offset;

        AppendingParts(String id, S3Progress before, boolean whole) throws IOException {
            this.id = id;
            this.key = wholeKey(id);
            this.before = before;
            this.whole = whole;
            this.file = scratch.file();
            this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
            this.start = before.offset();
            this.multipart = before.multipart();
            this.parts = before.parts().size();
            this.partsEnd = before.partsEnd();
            this.fileStart = start;
            this.offset = start;
        }

        @Override
        public synchronized void write(ByteBuffer bytes) throws IOException {
            if (!channel.isOpen()) {
                throw new MediaRefusal(ErrorCode.CONFLICT, "another connection has gone on with this upload");
            }
            while (bytes.hasRemaining()) {
                ByteBuffer some = bytes.duplicate();
                if (!whole) {
                    some.limit(bytes.position() + (int) Math.min(bytes.remaining(), room()));
                }
                int count = channel.write(some);
                bytes.position(bytes.position() + count);
                offset += count;
                if (!whole && room() == 0) {
                    putPart();
                }
            }
        }

        /** Bytes until the next part is full. */
        private long room() {
            return Math.max(0, partsEnd + partBytes - offset);
        }

        private void putPart() throws IOException {
            if (multipart == null) {
                multipart = bucket.beginMultipart(key);
            }
            long from = partsEnd;
            long to = Math.min(offset, from + partBytes);
            bucket.putPart(key, multipart, parts + 1, new S3Bucket.Bytes(to - from, () -> bytes(from, to)));
            parts++;
            partsEnd = to;
            bucket.delete(before.piecesBefore(partsEnd));
            if (partsEnd == offset) {
                channel.truncate(0).position(0);
                fileStart = offset;
            }
        }

        /** What earlier connections left in pieces, and then what this one brought. */
        private InputStream bytes(long from, long to) throws IOException {
            long inPieces = Math.min(to, start);
            InputStream brought = to > start ? range(Math.max(from, start) - fileStart, to - fileStart) : none();
            InputStream left = from < inPieces ? before.tail(bucket, from, inPieces) : none();
            return new java.io.SequenceInputStream(left, brought);
        }

        private static InputStream none() {
            return InputStream.nullInputStream();
        }

        private InputStream range(long from, long to) throws IOException {
            FileChannel reading = FileChannel.open(file, StandardOpenOption.READ);
            return new LimitedStream(Channels.newInputStream(reading.position(from)), to - from);
        }

        @Override
        public synchronized void undo() throws IOException {
            if (!whole) {
                throw new IllegalStateException("parts may be on their way");
            }
            if (channel.isOpen()) {
                channel.truncate(0).position(0);
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
            if (!channel.isOpen()) {
                return;
            }
            try {
                while (offset - partsEnd >= partBytes) {
                    putPart();
                }
                if (offset > Math.max(start, partsEnd)) {
                    putPiece();
                }
            } finally {
                channel.close();
                Files.deleteIfExists(file);
            }
        }

        private void putPiece() throws IOException {
            List<String> merged = partsEnd < start && before.pieces().size() >= MOST_PIECES
                    ? before.pieces().stream().map(S3Progress.Piece::key).toList()
                    : List.of();
            long from = merged.isEmpty() ? Math.max(start, partsEnd) : partsEnd;
            long to = offset;
            bucket.put(
                    prefix(id) + S3Progress.Piece.name(from, to), new S3Bucket.Bytes(to - from, () -> bytes(from, to)));
            bucket.delete(merged);
        }

        /** The upload is deleted: nothing more of it is stored. */
        private synchronized void abandon() throws IOException {
            appending.remove(id, this);
            channel.close();
            Files.deleteIfExists(file);
        }
    }
}
