package io.parley.history.media;

import io.parley.media.Media;
import io.parley.media.MediaRefusal;
import io.parley.media.Uploads;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ErrorCode;
import io.parley.storage.StoredAttachment;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /v1/uploads}: uploads that go on after an interruption, by tus 1.0 with creation, expiration, checksum and termination. */
final class UploadServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String VERSION = "1.0.0";
    private static final Pattern PATH = Pattern.compile("/([a-z0-9]{1,64})");
    private static final Map<String, String> DIGESTS = Map.of("sha1", "SHA-1", "sha256", "SHA-256", "md5", "MD5");

    private final transient Uploads uploads;
    private final transient Executor streaming;
    private final transient Exchanges exchanges;
    private final long mostBytes;

    UploadServlet(Media media, Exchanges exchanges) {
        this.uploads = media.uploads();
        this.streaming = media.streaming();
        this.mostBytes = media.settings().mostBytes();
        this.exchanges = exchanges;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        exchanges.serve(request, response, "uploads", () -> serve(request, response));
    }

    private CompletionStage<?> serve(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Tus-Resumable", VERSION);
        String overridden = request.getHeader("X-HTTP-Method-Override");
        String method = overridden == null ? request.getMethod() : overridden.toUpperCase(Locale.ROOT);
        if (method.equals("OPTIONS")) {
            response.setHeader("Tus-Version", VERSION);
            response.setHeader("Tus-Extension", "creation,expiration,checksum,termination");
            response.setHeader("Tus-Max-Size", Long.toString(mostBytes));
            response.setHeader("Tus-Checksum-Algorithm", "sha1,sha256,md5");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return CompletableFuture.completedFuture(null);
        }
        if (!VERSION.equals(request.getHeader("Tus-Resumable"))) {
            response.setHeader("Tus-Version", VERSION);
            throw new HttpRefusal(412, ErrorCode.BAD_REQUEST, "Tus-Resumable must be " + VERSION, 0);
        }
        UserId user = exchanges.asker(request);
        return switch (method) {
            case "POST" -> create(request, response, user);
            case "HEAD" -> head(request, response, user);
            case "PATCH" -> patch(request, response, user);
            case "DELETE" -> delete(request, response, user);
            default -> throw new HttpRefusal(405, ErrorCode.BAD_REQUEST, "tus has no such method", 0);
        };
    }

    private CompletionStage<?> create(HttpServletRequest request, HttpServletResponse response, UserId user) {
        String path = request.getPathInfo();
        if (path != null && !path.equals("/")) {
            throw new MediaRefusal(ErrorCode.NOT_FOUND, "an upload begins with a POST to /v1/uploads");
        }
        long length = number(request.getHeader("Upload-Length"), "Upload-Length");
        Map<String, String> metadata = metadata(request.getHeader("Upload-Metadata"));
        Uploads.Wish wish = new Uploads.Wish(
                metadata.getOrDefault("filetype", metadata.getOrDefault("contentType", "")),
                metadata.getOrDefault("filename", metadata.getOrDefault("name", "")),
                length,
                metadata.getOrDefault("sha256", ""),
                "true".equals(metadata.get("stripMetadata")));
        return uploads.begin(user, wish)
                // Nothing follows an empty one.
                .thenCompose(upload -> length > 0 ? CompletableFuture.completedFuture(upload) : uploads.finish(upload))
                .thenAccept(upload -> {
                    response.setHeader("Location", "/v1/uploads/" + upload.id());
                    expires(response, upload);
                    response.setStatus(HttpServletResponse.SC_CREATED);
                });
    }

    private CompletionStage<?> head(HttpServletRequest request, HttpServletResponse response, UserId user) {
        return uploads.find(user, id(request)).thenAccept(found -> {
            response.setHeader("Upload-Offset", Long.toString(found.offset()));
            response.setHeader("Upload-Length", Long.toString(found.upload().size()));
            response.setHeader("Cache-Control", "no-store");
            expires(response, found.upload());
            response.setStatus(HttpServletResponse.SC_OK);
        });
    }

    private CompletionStage<?> patch(HttpServletRequest request, HttpServletResponse response, UserId user) {
        AttachmentServlet.requireIdentity(request);
        if (!"application/offset+octet-stream".equals(request.getContentType())) {
            throw new HttpRefusal(
                    415, ErrorCode.BAD_REQUEST, "Content-Type of a PATCH is application/offset+octet-stream", 0);
        }
        long offset = number(request.getHeader("Upload-Offset"), "Upload-Offset");
        Checksum checksum = Checksum.of(request.getHeader("Upload-Checksum"));
        return uploads.find(user, id(request)).thenCompose(found -> {
            StoredAttachment upload = found.upload();
            if (found.offset() != offset) {
                response.setHeader("Upload-Offset", Long.toString(found.offset()));
                throw new MediaRefusal(ErrorCode.CONFLICT, "the upload goes on at " + found.offset());
            }
            CompletionStage<Long> appended = offset == upload.size()
                    ? CompletableFuture.completedFuture(offset)
                    : append(request, upload, offset, checksum);
            return appended.thenCompose(end -> end == upload.size()
                            ? uploads.finish(upload).thenApply(stored -> end)
                            : CompletableFuture.completedFuture(end))
                    .thenAccept(end -> {
                        response.setHeader("Upload-Offset", Long.toString(end));
                        expires(response, upload);
                        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                    });
        });
    }

    private CompletionStage<Long> append(
            HttpServletRequest request, StoredAttachment upload, long offset, @Nullable Checksum checksum) {
        Uploads.Part part;
        CompletableFuture<Void> read;
        try {
            part = uploads.append(upload, offset, checksum != null);
            read = RequestBody.read(
                    request.getInputStream(),
                    bytes -> {
                        if (checksum != null) {
                            checksum.update(bytes);
                        }
                        part.write(bytes);
                    },
                    streaming);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return read.handleAsync((done, failure) -> closed(part, checked(part, checksum, failure)), streaming)
                .thenCompose(stage -> stage)
                .thenApply(done -> part.offset());
    }

    /** With a checksum all of it counts or nothing. */
    private static @Nullable Throwable checked(
            Uploads.Part part, @Nullable Checksum checksum, @Nullable Throwable failure) {
        if (checksum == null || (failure == null && checksum.isRight())) {
            return failure;
        }
        try {
            part.undo();
        } catch (IOException e) {
            return e;
        }
        return failure == null ? HttpRefusal.wrongChecksum() : failure;
    }

    /** What came is kept, also if the rest did not. */
    static CompletionStage<Void> closed(Uploads.Part part, @Nullable Throwable failure) {
        try {
            part.close();
        } catch (IOException | MediaRefusal e) {
            return CompletableFuture.failedFuture(failure == null ? e : failure);
        }
        return failure == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(failure);
    }

    private CompletionStage<?> delete(HttpServletRequest request, HttpServletResponse response, UserId user) {
        return uploads.find(user, id(request))
                .thenCompose(found -> uploads.cancel(found.upload()))
                .thenAccept(done -> response.setStatus(HttpServletResponse.SC_NO_CONTENT));
    }

    private void expires(HttpServletResponse response, StoredAttachment upload) {
        if (upload.state() == StoredAttachment.State.UPLOADING) {
            response.setHeader(
                    "Upload-Expires",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            uploads.expiry(upload).atOffset(ZoneOffset.UTC)));
        }
    }

    private static String id(HttpServletRequest request) {
        String path = request.getPathInfo();
        Matcher matcher = PATH.matcher(path == null ? "" : path);
        if (!matcher.matches()) {
            throw new MediaRefusal(ErrorCode.NOT_FOUND, "there is no such upload");
        }
        return matcher.group(1);
    }

    private static long number(@Nullable String text, String header) {
        try {
            long value = text == null ? -1 : Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw HttpRefusal.bad(header + " must be a whole number from 0 on");
    }

    private static Map<String, String> metadata(@Nullable String header) {
        Map<String, String> found = new HashMap<>();
        for (String pair : header == null ? new String[0] : header.split(",", -1)) {
            String[] words = pair.strip().split(" ", -1);
            if (words.length > 2) {
                throw HttpRefusal.bad("Upload-Metadata is pairs of a key and a value in base64");
            }
            try {
                byte[] value = Base64.getDecoder().decode(words.length == 2 ? words[1] : "");
                found.put(words[0], new String(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw HttpRefusal.bad("a value of Upload-Metadata is not base64");
            }
        }
        return found;
    }

    private record Checksum(MessageDigest digest, String expected) {
        static @Nullable Checksum of(@Nullable String header) {
            if (header == null) {
                return null;
            }
            String[] words = header.strip().split(" ", -1);
            String algorithm = DIGESTS.get(words[0].toLowerCase(Locale.ROOT));
            if (algorithm == null || words.length != 2) {
                throw HttpRefusal.bad("Upload-Checksum is sha1, sha256 or md5, and the checksum in base64");
            }
            try {
                return new Checksum(MessageDigest.getInstance(algorithm), words[1]);
            } catch (NoSuchAlgorithmException e) {
                throw new CompletionException(e);
            }
        }

        void update(ByteBuffer bytes) {
            digest.update(bytes.duplicate());
        }

        boolean isRight() {
            return Base64.getEncoder().encodeToString(digest.digest()).equals(expected);
        }
    }
}
