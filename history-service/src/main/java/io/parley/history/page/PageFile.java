package io.parley.history.page;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** One file of the page, as it is sent. */
final class PageFile {
    private static final int TAG_BYTES = 12;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "webmanifest", "application/manifest+json");

    private final String path;
    private final byte[] content;
    private final byte[] compressed;
    private final String tag;

    /** @param path below the page's address, such as {@code assets/index-BXy7dK5B.js} */
    PageFile(String path, byte[] content) {
        this.path = path;
        this.content = content;
        this.compressed = gzip(content);
        this.tag = tag(content);
    }

    String path() {
        return path;
    }

    /** Changes with the content. */
    String tag() {
        return tag;
    }

    /** Whether it is smaller with gzip. */
    boolean compresses() {
        return compressed.length < content.length;
    }

    InputStream content() {
        return new ByteArrayInputStream(content);
    }

    /** The same with gzip. */
    InputStream compressed() {
        return new ByteArrayInputStream(compressed);
    }

    /** Its media type. */
    String type() {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    /** Its name changes with its content. */
    boolean isImmutable() {
        return path.startsWith("assets/");
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new SmallestGzip(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Compressed once, sent often. */
    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream bytes) throws IOException {
            super(bytes);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
