package io.parley.stores;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import io.parley.gateway.requesting.MediaPort;
import io.parley.media.Media;
import io.parley.media.MediaRefusal;
import io.parley.media.Uploads;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AttachmentChunk;
import io.parley.protocol.wire.AttachmentInfo;
import io.parley.protocol.wire.BeginUpload;
import io.parley.protocol.wire.DownloadAttachment;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.UploadChunk;
import io.parley.protocol.wire.UploadProgress;
import io.parley.storage.AttachmentRights;
import io.parley.storage.StoredAttachment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Attachments of devices: in chunks, and named in messages. */
public final class StoredMedia implements MediaPort {
    private static final int MOST_CHUNK = 96 * 1024;
    private static final int MOST_CACHED = 10_000;
    private static final Duration LONGEST_CACHED = Duration.ofMinutes(1);

    private final Media media;
    private final Cache<Named, Attachment> granted;

    private record Named(UserId sender, String id) {}

    public StoredMedia(Media media) {
        this.media = media;
        // An attachment is not deleted for a while after somebody named it: until long after the last message that this
        // lets through is stored.
        Duration kept = media.settings().releasedAfter().dividedBy(5);
        this.granted = Caffeine.newBuilder()
                .maximumSize(MOST_CACHED)
                .expireAfterWrite(kept.compareTo(LONGEST_CACHED) < 0 ? kept : LONGEST_CACHED)
                .build();
    }

    @Override
    public CompletionStage<Checked> check(UserId sender, List<Attachment> named) {
        List<CompletableFuture<Optional<Attachment>>> each = named.stream()
                .map(one -> check(new Named(sender, one.getId())).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    List<Attachment> checked = new ArrayList<>();
                    for (int i = 0; i < named.size(); i++) {
                        Optional<Attachment> one = each.get(i).join();
                        if (one.isEmpty()) {
                            return Checked.refused(
                                    "attachment " + (i + 1)
                                            + " is none that you may send: upload it, or ask who has it for a message that shows it");
                        }
                        checked.add(one.get());
                    }
                    return Checked.granted(checked);
                });
    }

    private CompletionStage<Optional<Attachment>> check(Named named) {
        Attachment before = granted.getIfPresent(named);
        if (before != null) {
            return CompletableFuture.completedFuture(Optional.of(before));
        }
        return media.rights().of(named.sender(), named.id()).thenCompose(right -> {
            if (!(right instanceof AttachmentRights.Granted found)) {
                return CompletableFuture.completedFuture(Optional.<Attachment>empty());
            }
            Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
            return media.rows().name(named.id(), now).thenApply(is -> {
                if (!is) {
                    return Optional.<Attachment>empty();
                }
                Attachment attachment = attachment(found.attachment());
                granted.put(named, attachment);
                return Optional.of(attachment);
            });
        });
    }

    private static Attachment attachment(StoredAttachment stored) {
        return Attachment.newBuilder()
                .setId(stored.id())
                .setContentType(stored.contentType())
                .setName(stored.name())
                .setSize((int) stored.size())
                .build();
    }

    @Override
    public CompletionStage<Reply> begin(UserId user, BeginUpload wish) {
        return answered(media.uploads()
                .begin(
                        user,
                        new Uploads.Wish(
                                wish.getContentType(),
                                wish.getName(),
                                Integer.toUnsignedLong(wish.getSize()),
                                wish.getSha256(),
                                wish.getStripMetadata()))
                .thenApply(upload -> progress(upload, 0)));
    }

    @Override
    public CompletionStage<Reply> append(UserId user, UploadChunk chunk) {
        if (chunk.getBytes().size() > MOST_CHUNK) {
            return CompletableFuture.completedFuture(
                    error(ErrorCode.TOO_LARGE, "a chunk has 96 KiB at most: send smaller ones"));
        }
        return media.uploads()
                .find(user, chunk.getId())
                .thenApply(found -> {
                    if (found.offset() != Integer.toUnsignedLong(chunk.getOffset())) {
                        return progress(found.upload(), found.offset()).toBuilder()
                                .mergeFrom(error(ErrorCode.CONFLICT, "the upload goes on at " + found.offset()))
                                .build();
                    }
                    try (Uploads.Part part = media.uploads().append(found.upload(), found.offset())) {
                        part.write(chunk.getBytes().asReadOnlyByteBuffer());
                        return progress(found.upload(), part.offset());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .exceptionallyCompose(StoredMedia::refused);
    }

    @Override
    public CompletionStage<Reply> finish(UserId user, String id) {
        return answered(media.uploads().find(user, id).thenCompose(found -> {
            StoredAttachment upload = found.upload();
            if (upload.state() == StoredAttachment.State.READY) {
                return CompletableFuture.completedFuture(info(upload));
            }
            if (found.offset() != upload.size()) {
                return CompletableFuture.completedFuture(progress(upload, found.offset()).toBuilder()
                        .mergeFrom(error(ErrorCode.CONFLICT, "not all bytes are there"))
                        .build());
            }
            return media.uploads().finish(upload).thenApply(StoredMedia::info);
        }));
    }

    @Override
    public CompletionStage<Reply> progress(UserId user, String id) {
        return answered(media.uploads().find(user, id).thenApply(found -> progress(found.upload(), found.offset())));
    }

    @Override
    public CompletionStage<Reply> cancel(UserId user, String id) {
        return answered(media.uploads()
                .find(user, id)
                .thenCompose(found -> media.uploads().cancel(found.upload()))
                .thenApply(done ->
                        Reply.newBuilder().setOk(Nothing.getDefaultInstance()).build()));
    }

    @Override
    public CompletionStage<Reply> download(UserId user, DownloadAttachment wish) {
        long offset = Integer.toUnsignedLong(wish.getOffset());
        int length = wish.getLength() == 0 ? MOST_CHUNK : wish.getLength();
        if (length < 0 || length > MOST_CHUNK) {
            return CompletableFuture.completedFuture(error(ErrorCode.BAD_REQUEST, "length is 96 KiB at most"));
        }
        return answered(media.rights().of(user, wish.getId()).thenCompose(right -> {
            if (!(right instanceof AttachmentRights.Granted granted)) {
                return CompletableFuture.completedFuture(
                        right instanceof AttachmentRights.Missing
                                ? error(ErrorCode.NOT_FOUND, "there is no such attachment")
                                : error(
                                        ErrorCode.NOT_ALLOWED,
                                        "the attachment is in no conversation of yours that shows it"));
            }
            StoredAttachment attachment = granted.attachment();
            CompletionStage<Media.Content> content = wish.getThumbnail() == 0
                    ? media.content(attachment, Math.min(offset, attachment.size()))
                    : media.thumbnail(attachment, wish.getThumbnail());
            return content.thenCompose(found -> chunk(user, found, wish, length));
        }));
    }

    /** What is too fast waits: the reply comes later. */
    private CompletionStage<Reply> chunk(UserId user, Media.Content content, DownloadAttachment wish, int length) {
        byte[] bytes;
        try (InputStream in = content.bytes()) {
            if (wish.getThumbnail() != 0) {
                in.skipNBytes(Math.min(Integer.toUnsignedLong(wish.getOffset()), content.size()));
            }
            bytes = in.readNBytes(length);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return media.paced(user.value(), bytes).thenApply(paced -> {
            media.metrics().fetched(paced.length);
            return Reply.newBuilder()
                    .setChunk(AttachmentChunk.newBuilder()
                            .setOffset(wish.getOffset())
                            .setBytes(ByteString.copyFrom(paced))
                            .setSize((int) content.size())
                            .setContentType(content.contentType()))
                    .build();
        });
    }

    private Reply progress(StoredAttachment upload, long offset) {
        return Reply.newBuilder()
                .setUpload(UploadProgress.newBuilder()
                        .setId(upload.id())
                        .setOffset((int) offset)
                        .setSize((int) upload.size())
                        .setExpiresAt(Timestamps.fromMillis(
                                media.uploads().expiry(upload).toEpochMilli())))
                .build();
    }

    private static Reply info(StoredAttachment stored) {
        return Reply.newBuilder()
                .setAttachment(AttachmentInfo.newBuilder()
                        .setId(stored.id())
                        .setContentType(stored.contentType())
                        .setName(stored.name())
                        .setSize((int) stored.size())
                        .setSha256(stored.sha256()))
                .build();
    }

    private static CompletionStage<Reply> answered(CompletionStage<Reply> stage) {
        return stage.exceptionallyCompose(StoredMedia::refused);
    }

    private static CompletionStage<Reply> refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof MediaRefusal refusal
                ? CompletableFuture.completedFuture(error(refusal.code(), refusal.reason()))
                : CompletableFuture.failedFuture(cause);
    }

    private static Reply error(ErrorCode code, String message) {
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
    }
}
