package io.parley.history.media;

import com.google.protobuf.util.Timestamps;
import io.parley.media.DownloadLimits;
import io.parley.media.Media;
import io.parley.media.MediaRefusal;
import io.parley.media.S3Links;
import io.parley.media.SignedLinks;
import io.parley.media.Uploads;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AttachmentInfo;
import io.parley.protocol.wire.AttachmentLink;
import io.parley.protocol.wire.DirectUpload;
import io.parley.protocol.wire.ErrorCode;
import io.parley.storage.AttachmentRights;
import io.parley.storage.StoredAttachment;
import io.parley.storage.StoredAttachment.State;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /v1/attachments}: an upload as a whole, the bytes, thumbnails, signed links. */
final class AttachmentServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern PATH = Pattern.compile("/([a-z0-9]{1,64})(?:/(thumbnail|link|confirm))?");
    private static final int DEFAULT_SIZE = 320;
    /** What a browser shows without running anything in it. */
    private static final Set<String> SHOWN = Set.of(
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "video/mp4",
            "video/webm",
            "audio/mpeg",
            "audio/ogg",
            "audio/mp4");

    private final transient Media media;
    private final transient SignedLinks links;
    private final transient Exchanges exchanges;

    AttachmentServlet(Media media, SignedLinks links, Exchanges exchanges) {
        this.media = media;
        this.links = links;
        this.exchanges = exchanges;
    }

    private record Target(String id, String part) {}

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String path = request.getPathInfo();
        if (path == null || path.equals("/")) {
            exchanges.serve(request, response, "upload", () -> upload(request, response));
        } else if (path.equals("/direct")) {
            exchanges.serve(request, response, "upload", () -> direct(request, response));
        } else if (path.endsWith("/confirm")) {
            exchanges.serve(request, response, "upload", () -> confirm(request, response));
        } else {
            exchanges.serve(request, response, "link", () -> link(request, response));
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String path = request.getPathInfo();
        boolean thumbnail = path != null && path.endsWith("/thumbnail");
        exchanges.serve(request, response, thumbnail ? "thumbnail" : "attachment", () -> get(request, response));
    }

    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) {
        doGet(request, response);
    }

    private CompletionStage<?> upload(HttpServletRequest request, HttpServletResponse response) {
        UserId user = exchanges.asker(request);
        requireIdentity(request);
        Uploads.Wish wish = wish(request, query(request), request.getContentLengthLong());
        return media.uploads()
                .begin(user, wish)
                .thenCompose(upload -> body(request, upload)
                        .thenCompose(done -> media.uploads().finish(upload))
                        .handle((stored, failure) ->
                                failure == null ? CompletableFuture.completedFuture(stored) : discard(upload, failure))
                        .thenCompose(stage -> stage)
                        .thenAccept(stored -> {
                            response.setHeader("Location", "/v1/attachments/" + stored.id());
                            Exchanges.json(response, 201, info(stored));
                        }));
    }

    private static Uploads.Wish wish(HttpServletRequest request, Map<String, String> query, long size) {
        return new Uploads.Wish(
                Optional.ofNullable(request.getContentType()).orElse(""),
                FileName.of(request.getHeader("Content-Disposition")),
                size,
                query.getOrDefault("sha256", ""),
                "true".equals(query.get("stripMetadata")));
    }

    /** The client sends the bytes to the bucket, and confirms. */
    private CompletionStage<?> direct(HttpServletRequest request, HttpServletResponse response) {
        UserId user = exchanges.asker(request);
        Map<String, String> query = query(request);
        long size = number(query.getOrDefault("size", ""), "size", 0, Integer.MAX_VALUE);
        return media.uploads().beginDirect(user, wish(request, query, size)).thenAccept(begun -> {
            response.setHeader("Location", "/v1/attachments/" + begun.upload().id());
            Exchanges.json(
                    response,
                    201,
                    DirectUpload.newBuilder()
                            .setId(begun.upload().id())
                            .setUrl(begun.to().url().toString())
                            .putAllHeaders(begun.to().headers())
                            .setExpiresAt(
                                    Timestamps.fromMillis(begun.to().expires().toEpochMilli()))
                            .build());
        });
    }

    private CompletionStage<?> confirm(HttpServletRequest request, HttpServletResponse response) {
        UserId user = exchanges.asker(request);
        return media.uploads()
                .confirm(user, target(request).id())
                .thenAccept(stored -> Exchanges.json(response, 200, info(stored)));
    }

    /** A body in another encoding would have to be unpacked, to a size that nobody knows. */
    static void requireIdentity(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw HttpRefusal.bad("Content-Encoding is not supported: send the bytes as they are");
        }
    }

    private CompletionStage<Void> body(HttpServletRequest request, StoredAttachment upload) {
        Uploads.Part part;
        CompletableFuture<Void> read;
        try {
            part = media.uploads().append(upload, 0);
            read = RequestBody.read(request.getInputStream(), part::write, media.streaming());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return read.handleAsync((done, failure) -> UploadServlet.closed(part, failure), media.streaming())
                .thenCompose(stage -> stage);
    }

    /** Nobody will go on with it. */
    private CompletionStage<StoredAttachment> discard(StoredAttachment upload, Throwable failure) {
        return media.uploads()
                .cancel(upload)
                .handle((done, unused) -> failure)
                .thenCompose(CompletableFuture::failedFuture);
    }

    private CompletionStage<?> link(HttpServletRequest request, HttpServletResponse response) {
        UserId user = exchanges.asker(request);
        Target target = target(request);
        if (!target.part().equals("link")) {
            throw HttpRefusal.of(new MediaRefusal(ErrorCode.NOT_FOUND, "there is nothing at this address"));
        }
        Map<String, String> query = query(request);
        long longest = media.settings().longestLink().toSeconds();
        long seconds =
                number(query.getOrDefault("seconds", Long.toString(Math.min(longest, 3600))), "seconds", 1, longest);
        Optional<String> size = Optional.ofNullable(query.get("size"));
        size.ifPresent(text -> number(text, "size", 1, 100_000));
        boolean direct = "true".equals(query.get("direct")) && size.isEmpty();
        return granted(user, target.id()).thenAccept(attachment -> {
            Optional<S3Links.Address> address = direct
                    ? media.address(attachment, disposition(attachment), Duration.ofSeconds(seconds))
                    : Optional.empty();
            Instant expires = Instant.ofEpochSecond(Instant.now().getEpochSecond() + seconds);
            String path = "/v1/attachments/" + attachment.id() + (size.isPresent() ? "/thumbnail" : "");
            Map<String, String> parameters =
                    size.map(text -> Map.of("size", text)).orElse(Map.of());
            String url = address.map(one -> one.url().toString())
                    .orElseGet(() -> base(request) + path + "?" + links.sign(path, parameters, expires));
            Exchanges.json(
                    response,
                    200,
                    AttachmentLink.newBuilder()
                            .setUrl(url)
                            .setExpiresAt(Timestamps.fromMillis(address.map(S3Links.Address::expires)
                                    .orElse(expires)
                                    .toEpochMilli()))
                            .build());
        });
    }

    private static String disposition(StoredAttachment attachment) {
        boolean shown = SHOWN.contains(attachment.contentType());
        return FileName.header(shown ? "inline" : "attachment", attachment.name());
    }

    private String base(HttpServletRequest request) {
        return media.settings()
                .publicUrl()
                .map(url -> url.replaceAll("/+$", ""))
                .orElseGet(() -> {
                    String url = request.getRequestURL().toString();
                    return url.substring(
                            0, url.length() - request.getRequestURI().length());
                });
    }

    private CompletionStage<?> get(HttpServletRequest request, HttpServletResponse response) {
        Target target = target(request);
        if (target.part().equals("link")) {
            throw new HttpRefusal(405, ErrorCode.BAD_REQUEST, "a link is made by POST", 0);
        }
        Map<String, String> query = query(request);
        CompletionStage<StoredAttachment> found;
        String account;
        if (query.containsKey("signature")) {
            account = "link " + target.id();
            if (!links.isGood(request.getRequestURI(), query, Instant.now())) {
                throw new HttpRefusal(403, ErrorCode.NOT_ALLOWED, "the link has expired, or was changed", 0);
            }
            found = media.rows()
                    .find(target.id())
                    .thenApply(one -> one.filter(attachment -> attachment.state() == State.READY)
                            .orElseThrow(() -> missing()));
        } else {
            UserId user = exchanges.asker(request);
            account = user.value();
            found = granted(user, target.id());
        }
        if (target.part().equals("thumbnail")) {
            int size = (int) number(query.getOrDefault("size", Integer.toString(DEFAULT_SIZE)), "size", 1, 100_000);
            return found.thenCompose(attachment -> limited(
                    request,
                    account,
                    download -> media.thumbnail(attachment, size).thenCompose(content -> {
                        response.setHeader("ETag", etag(attachment.sha256() + "-" + size));
                        return send(response, content, null, download);
                    })));
        }
        return found.thenCompose(attachment -> send(request, response, attachment, account));
    }

    /** @param sending gets null for a request that wants no bytes */
    private CompletionStage<?> limited(
            HttpServletRequest request,
            String account,
            Function<DownloadLimits.@Nullable Download, CompletionStage<?>> sending) {
        if (request.getMethod().equals("HEAD")) {
            return sending.apply(null);
        }
        DownloadLimits.Download download = media.downloads().begin(account);
        try {
            return sending.apply(download).whenComplete((done, failure) -> download.close());
        } catch (RuntimeException e) {
            download.close();
            throw e;
        }
    }

    private CompletionStage<?> send(
            HttpServletRequest request, HttpServletResponse response, StoredAttachment attachment, String account) {
        String etag = etag(attachment.sha256());
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        if (etag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return CompletableFuture.completedFuture(null);
        }
        String ifRange = request.getHeader("If-Range");
        ByteRange range = ifRange == null || ifRange.equals(etag)
                ? ByteRange.of(request.getHeader("Range"), attachment.size())
                : null;
        if (range != null && range.length() == 0) {
            response.setHeader("Content-Range", range.contentRange(attachment.size()));
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return CompletableFuture.completedFuture(null);
        }
        response.setHeader("Content-Disposition", disposition(attachment));
        return limited(
                request,
                account,
                download -> media.content(attachment, range == null ? 0 : range.first())
                        .thenCompose(content -> send(response, content, range, download)));
    }

    private CompletionStage<?> send(
            HttpServletResponse response,
            Media.Content content,
            @Nullable ByteRange range,
            DownloadLimits.@Nullable Download download) {
        long length = range == null ? content.size() : range.length();
        response.setStatus(range == null ? HttpServletResponse.SC_OK : HttpServletResponse.SC_PARTIAL_CONTENT);
        if (range != null) {
            response.setHeader("Content-Range", range.contentRange(content.size()));
        }
        response.setContentType(content.contentType());
        response.setContentLengthLong(length);
        // What users upload must not run as this site's own.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
        // Rights end: a cache asks each time.
        response.setHeader("Cache-Control", "private, no-cache");
        try {
            if (download == null) {
                content.bytes().close();
                return CompletableFuture.completedFuture(null);
            }
            exchanges.metrics().fetched(length);
            return ResponseBody.write(response.getOutputStream(), content.bytes(), length, download, media.streaming());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<StoredAttachment> granted(UserId user, String id) {
        return media.rights().of(user, id).thenApply(right -> {
            if (right instanceof AttachmentRights.Granted granted) {
                return granted.attachment();
            }
            throw right instanceof AttachmentRights.Missing
                    ? missing()
                    : new MediaRefusal(
                            ErrorCode.NOT_ALLOWED, "the attachment is in no conversation of yours that shows it");
        });
    }

    private static MediaRefusal missing() {
        return new MediaRefusal(ErrorCode.NOT_FOUND, "there is no such attachment");
    }

    static AttachmentInfo info(StoredAttachment stored) {
        return AttachmentInfo.newBuilder()
                .setId(stored.id())
                .setContentType(stored.contentType())
                .setName(stored.name())
                .setSize((int) stored.size())
                .setSha256(stored.sha256())
                .build();
    }

    private static String etag(String text) {
        return "\"" + text + "\"";
    }

    private static Target target(HttpServletRequest request) {
        String path = request.getPathInfo();
        Matcher matcher = PATH.matcher(path == null ? "" : path);
        if (!matcher.matches()) {
            throw HttpRefusal.of(new MediaRefusal(ErrorCode.NOT_FOUND, "there is nothing at this address"));
        }
        return new Target(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
    }

    /** The parameters of the address. @throws HttpRefusal 400 if one comes twice */
    private static Map<String, String> query(HttpServletRequest request) {
        Map<String, String> found = new LinkedHashMap<>();
        String query = request.getQueryString();
        for (String each : query == null ? new String[0] : query.split("&", -1)) {
            if (!each.isEmpty()) {
                int equals = each.indexOf('=');
                String name = equals < 0 ? each : each.substring(0, equals);
                String value = equals < 0 ? "" : each.substring(equals + 1);
                if (found.put(name, value) != null) {
                    throw HttpRefusal.bad("a parameter comes twice");
                }
            }
        }
        return found;
    }

    private static long number(String text, String name, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw HttpRefusal.bad(name + " is a whole number from " + least + " to " + most);
    }
}
