package io.parley.media;

import io.parley.protocol.UserId;
import io.parley.protocol.wire.ErrorCode;
import io.parley.storage.AttachmentChecks;
import io.parley.storage.AttachmentRows;
import io.parley.storage.StoredAttachment;
import io.parley.storage.StoredAttachment.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes uploads: begin, append until all is there, finish. An upload can go on in another process, and after a crash of any. Whatever happens, either an
 * attachment comes of it or nothing stays: before its first byte comes, it is written down when it is deleted.
 */
public final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_NAME = 255;
    private static final int ID_BYTES = 16;

    private final MediaSettings settings;
    private final AttachmentRows rows;
    private final UploadStore files;
    private final BlobStore blobs;
    private final Executor working;
    private final MediaMetrics metrics;
    private final Optional<S3Links> direct;
    private final AttachmentChecks checks;
    private final UploadLimits limits;
    private final Slots slots;
    private final ContentTypes types = new ContentTypes();
    private final SecureRandom random = new SecureRandom();

    /**
     * What a client says of an upload.
     *
     * @param contentType empty: the server finds it out
     * @param name of the file, maybe empty
     * @param size in bytes; -1: it is not known
     * @param sha256 of the bytes in hex; empty: it is not checked
     * @param strip whether a picture's metadata is to be removed
     */
    public record Wish(String contentType, String name, long size, String sha256, boolean strip) {}

    /** @param offset how many bytes of the upload are there */
    public record Progress(StoredAttachment upload, long offset) {}

    Uploads(
            MediaSettings settings,
            AttachmentRows rows,
            UploadStore files,
            Optional<S3Links> direct,
            AttachmentChecks checks,
            BlobStore blobs,
            Executor working,
            MediaMetrics metrics) {
        this.settings = settings;
        this.rows = rows;
        this.files = files;
        this.blobs = blobs;
        this.working = working;
        this.metrics = metrics;
        this.direct = direct;
        this.checks = checks;
        this.limits = new UploadLimits(settings.bytesPerHour());
        this.slots = new Slots(
                settings.parallelUploads(),
                "you send " + settings.parallelUploads() + " uploads at once: wait until one of them is done");
    }

    /** Begins an upload. Fails with a {@link MediaRefusal} if it may not begin. */
    public CompletionStage<StoredAttachment> begin(UserId user, Wish wish) {
        try {
            check(wish);
            limits.take(user, wish.size());
        } catch (MediaRefusal e) {
            return CompletableFuture.failedFuture(e);
        }
        return rows.bytesOf(user)
                .thenComposeAsync(
                        stored -> {
                            if (stored + Math.max(0, wish.size()) > settings.bytesOfUser()) {
                                throw new MediaRefusal(
                                        ErrorCode.NOT_ALLOWED,
                                        "your attachments have as many bytes as a user's may have: delete messages with some");
                            }
                            requireRoom(wish.size());
                            Instant now = now();
                            StoredAttachment upload = new StoredAttachment(
                                    newId(),
                                    State.UPLOADING,
                                    user,
                                    wish.contentType(),
                                    wish.name(),
                                    wish.size(),
                                    wish.sha256().toLowerCase(Locale.ROOT),
                                    wish.strip(),
                                    now,
                                    null);
                            return late(upload)
                                    .thenCompose(done -> rows.begin(upload, expiry(upload)))
                                    .thenApply(done -> upload);
                        },
                        working);
    }

    /** Where bytes can come after an upload has ended, somebody must look for them later. */
    private CompletionStage<Void> late(StoredAttachment upload) {
        return files.isLateWritten()
                ? checks.add(LateBytes.check(upload.id()), expiry(upload).plus(LateBytes.AFTER))
                : CompletableFuture.completedFuture(null);
    }

    /** Deletes what came of an upload after it had ended. */
    CompletionStage<Void> deleteLate(String id) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        files.delete(id);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                working);
    }

    /** @param to where the client sends its bytes, by itself */
    public record Direct(StoredAttachment upload, S3Links.Address to) {}

    /** Begins an upload that the client sends to S3 itself; {@link #confirm} follows. Fails with a {@link MediaRefusal} if it may not begin. */
    public CompletionStage<Direct> beginDirect(UserId user, Wish wish) {
        if (direct.isEmpty()) {
            return CompletableFuture.failedFuture(new MediaRefusal(
                    ErrorCode.NOT_FOUND, "uploads do not go to a bucket here: send the bytes to /v1/attachments"));
        }
        if (wish.size() < 0) {
            return CompletableFuture.failedFuture(
                    new MediaRefusal(ErrorCode.BAD_REQUEST, "size must be the number of bytes"));
        }
        return begin(user, wish)
                .thenApply(upload -> new Direct(
                        upload,
                        direct.get().put(S3Uploads.wholeKey(upload.id()), upload.size(), settings.uploadExpiry())));
    }

    /** Checks an upload of which the client says that it is complete, and makes an attachment of it. */
    public CompletionStage<StoredAttachment> confirm(UserId user, String id) {
        return find(user, id).thenCompose(found -> {
            StoredAttachment upload = found.upload();
            if (upload.state() == State.READY) {
                return CompletableFuture.completedFuture(upload);
            }
            return upload.size() < 0 || found.offset() < upload.size()
                    ? CompletableFuture.failedFuture(new MediaRefusal(
                            ErrorCode.CONFLICT, "there are " + found.offset() + " bytes of it: send all, then confirm"))
                    : finish(upload);
        });
    }

    private void check(Wish wish) {
        if (wish.size() > settings.mostBytes()) {
            throw MediaRefusal.tooLarge(settings.mostBytes());
        }
        if (!wish.contentType().isEmpty()) {
            var unused = ContentTypes.parsed(wish.contentType());
        }
        if (wish.name().codePointCount(0, wish.name().length()) > MAX_NAME) {
            throw new MediaRefusal(ErrorCode.BAD_REQUEST, "the name of an attachment has 255 characters at most");
        }
        if (wish.name().chars().anyMatch(Character::isISOControl)) {
            throw new MediaRefusal(ErrorCode.BAD_REQUEST, "the name of an attachment has no control characters");
        }
        if (!wish.sha256().isEmpty()
                && !SHA256.matcher(wish.sha256().toLowerCase(Locale.ROOT)).matches()) {
            throw new MediaRefusal(ErrorCode.BAD_REQUEST, "sha256 is 64 hexadecimal digits");
        }
    }

    private void requireRoom(long bytes) {
        try {
            if (!blobs.hasRoom(Math.max(0, bytes))) {
                throw MediaRefusal.full();
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** When an unfinished upload is deleted. */
    public Instant expiry(StoredAttachment upload) {
        return upload.created().plus(settings.uploadExpiry());
    }

    /** How far an upload of the user is. Fails with a {@link MediaRefusal} if there is none. */
    public CompletionStage<Progress> find(UserId user, String id) {
        return rows.find(id)
                .thenApplyAsync(
                        found -> {
                            StoredAttachment upload = found.filter(
                                            one -> one.uploader().equals(user) && one.state() != State.GOING)
                                    .orElseThrow(MediaRefusal::missing);
                            return new Progress(upload, offset(upload));
                        },
                        working);
    }

    private long offset(StoredAttachment upload) {
        if (upload.state() == State.READY) {
            return upload.size();
        }
        try {
            long blob = blobs.size(upload.id());
            return blob >= 0 ? upload.size() : files.offset(upload.id());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /**
     * Opens an upload to append to it, at its end.
     *
     * @throws MediaRefusal CONFLICT if it ends elsewhere, or is complete
     */
    public Part append(StoredAttachment upload, long offset) throws IOException {
        return append(upload, offset, false);
    }

    /**
     * Opens an upload to append to it, at its end.
     *
     * @param whole whether {@link Part#undo} may be needed
     * @throws MediaRefusal CONFLICT if it ends elsewhere, or is complete; RATE_LIMITED if the user appends to too many
     */
    public Part append(StoredAttachment upload, long offset, boolean whole) throws IOException {
        if (upload.state() != State.UPLOADING) {
            throw new MediaRefusal(ErrorCode.CONFLICT, "the upload is complete");
        }
        long most = upload.size() >= 0 ? upload.size() : settings.mostBytes();
        Slots.Slot slot = slots.take(upload.uploader().value());
        try {
            return new Part(files.append(upload.id(), offset, whole), slot, upload, most);
        } catch (IOException e) {
            slot.close();
            throw full(e, 1);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    private Throwable failure(IOException failure) {
        try {
            return full(failure, 1);
        } catch (IOException | MediaRefusal e) {
            return e;
        }
    }

    /** @throws MediaRefusal if the disk has no room, whatever it was that failed */
    private IOException full(IOException failure, long bytes) throws IOException {
        if (!blobs.hasRoom(bytes)) {
            throw MediaRefusal.full();
        }
        return failure;
    }

    /** Bytes that follow each other. What was written is durable after {@link #close}. */
    public final class Part implements AutoCloseable {
        private final UploadStore.Appending appending;
        private final Slots.Slot slot;
        private final StoredAttachment upload;
        private final long most;

        private Part(UploadStore.Appending appending, Slots.Slot slot, StoredAttachment upload, long most) {
            this.appending = appending;
            this.slot = slot;
            this.upload = upload;
            this.most = most;
        }

        /** @throws MediaRefusal TOO_LARGE beyond the upload's size, UNAVAILABLE if the disk is full */
        public void write(ByteBuffer bytes) throws IOException {
            if (appending.offset() + bytes.remaining() > most) {
                throw upload.size() >= 0
                        ? new MediaRefusal(ErrorCode.TOO_LARGE, "the upload was announced with " + most + " bytes")
                        : MediaRefusal.tooLarge(most);
            }
            try {
                appending.write(bytes);
            } catch (IOException e) {
                throw full(e, Math.max(1, bytes.remaining()));
            }
        }

        /** Takes back what was written here. */
        public void undo() throws IOException {
            appending.undo();
        }

        /** How many bytes of the upload there are. */
        public long offset() {
            return appending.offset();
        }

        @Override
        public void close() throws IOException {
            try (slot) {
                appending.close();
            } catch (IOException e) {
                throw full(e, 1);
            }
        }
    }

    /**
     * Makes an attachment of an upload of which all bytes are there. To be called again if it failed without a refusal.
     *
     * @return fails with a {@link MediaRefusal} if the bytes are not what they were told to be; nothing is left of the upload then
     */
    public CompletionStage<StoredAttachment> finish(StoredAttachment upload) {
        return stored(upload)
                .thenCompose(stored -> rows.finish(stored, stored.created().plus(settings.unreferencedExpiry()))
                        .thenComposeAsync(is -> is ? finished(stored) : overtaken(stored), working))
                .exceptionallyCompose(failure -> discarded(upload, failure));
    }

    private CompletionStage<StoredAttachment> stored(StoredAttachment upload) {
        try {
            return CompletableFuture.supplyAsync(() -> store(upload), working);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new MediaRefusal(
                    ErrorCode.UNAVAILABLE, "too much is asked of the server at once: try again later"));
        }
    }

    private CompletionStage<StoredAttachment> finished(StoredAttachment stored) {
        metrics.uploaded(stored.size());
        return CompletableFuture.completedFuture(stored);
    }

    /** It was deleted meanwhile: whoever did so may have been there before its blob was. */
    private CompletionStage<StoredAttachment> overtaken(StoredAttachment stored) {
        try {
            blobs.delete(stored.id());
        } catch (IOException e) {
            LOG.warn("attachment={} is not deleted: {}", stored.id(), e.toString());
        }
        return CompletableFuture.failedFuture(MediaRefusal.missing());
    }

    private CompletionStage<StoredAttachment> discarded(StoredAttachment upload, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean refused = cause instanceof MediaRefusal refusal && refusal.code() == ErrorCode.BAD_REQUEST;
        return refused
                ? cancel(upload).thenCompose(done -> CompletableFuture.failedFuture(cause))
                : CompletableFuture.failedFuture(cause);
    }

    private StoredAttachment store(StoredAttachment upload) {
        try {
            if (blobs.size(upload.id()) < 0) {
                try (UploadStore.Whole whole = files.whole(upload.id())) {
                    return store(upload, whole);
                }
            }
            // An earlier attempt stored it, and got no further.
            files.delete(upload.id());
            Content found = content(upload, blobs.read(upload.id(), 0));
            return ready(upload, found.type(), blobs.size(upload.id()), found.sha256());
        } catch (IOException e) {
            throw new CompletionException(failure(e));
        }
    }

    private StoredAttachment store(StoredAttachment upload, UploadStore.Whole whole) throws IOException {
        // Who sends to a bucket may send more than was announced.
        long size = whole.size();
        if (size > settings.mostBytes() || (upload.size() >= 0 && size != upload.size())) {
            throw new MediaRefusal(
                    ErrorCode.BAD_REQUEST, "the upload has " + size + " bytes and not as many as were announced");
        }
        Content content = content(upload, whole.read());
        if (!upload.sha256().isEmpty() && !upload.sha256().equals(content.sha256())) {
            throw new MediaRefusal(
                    ErrorCode.BAD_REQUEST,
                    "the bytes have the sha256 " + content.sha256() + ", which is not what was told: send them again");
        }
        if (upload.strip()) {
            return strip(upload, content.type(), whole);
        }
        whole.keep(upload.id());
        return ready(upload, content.type(), size, content.sha256());
    }

    private StoredAttachment strip(StoredAttachment upload, String type, UploadStore.Whole whole) throws IOException {
        Path picture = files.temporary();
        Path stripped = files.temporary();
        try {
            try (InputStream in = whole.read();
                    OutputStream out = Files.newOutputStream(picture)) {
                in.transferTo(out);
            }
            PictureMetadata.remove(type, picture, stripped);
            Content content = content(upload, Files.newInputStream(stripped));
            long size = Files.size(stripped);
            blobs.put(upload.id(), stripped);
            files.delete(upload.id());
            return ready(upload, type, size, content.sha256());
        } finally {
            Files.deleteIfExists(picture);
            Files.deleteIfExists(stripped);
        }
    }

    private record Content(String type, String sha256) {}

    /** Reads all bytes once, and closes what it reads. @throws MediaRefusal if they are not of the type that was told */
    private Content content(StoredAttachment upload, InputStream bytes) throws IOException {
        try (InputStream in = bytes) {
            byte[] head = in.readNBytes(ContentTypes.HEAD_BYTES);
            String type = types.checked(upload.contentType(), head);
            return new Content(type, sha256(head, in));
        }
    }

    private static StoredAttachment ready(StoredAttachment upload, String type, long size, String sha256) {
        return new StoredAttachment(
                upload.id(),
                State.READY,
                upload.uploader(),
                type,
                upload.name(),
                size,
                sha256,
                upload.strip(),
                now(),
                null);
    }

    /** Deletes an upload that is not complete. */
    public CompletionStage<Void> cancel(StoredAttachment upload) {
        if (upload.state() != State.UPLOADING) {
            return CompletableFuture.failedFuture(
                    new MediaRefusal(ErrorCode.CONFLICT, "the upload is complete: it goes when no message shows it"));
        }
        return rows.condemn(upload)
                .thenComposeAsync(
                        is -> is ? delete(upload) : CompletableFuture.failedFuture(MediaRefusal.missing()), working);
    }

    /** Deletes the bytes of what is condemned, and then what is known of it. */
    CompletionStage<Void> delete(StoredAttachment condemned) {
        try {
            files.delete(condemned.id());
            blobs.delete(condemned.id());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        metrics.deleted();
        return rows.forget(condemned);
    }

    /** Cassandra keeps milliseconds. */
    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String sha256(byte[] head, InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(head);
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
