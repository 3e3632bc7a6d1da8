package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.tika.detect.Detector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;

/**
 * Whether a file is what it is told to be. Looks at the first bytes only, and unpacks nothing. {@code application/octet-stream} may be anything, such as
 * what a client has encrypted.
 */
final class ContentTypes {
    /** So many of the first bytes are looked at. */
    static final int HEAD_BYTES = 64 * 1024;

    static final String ANYTHING = "application/octet-stream";

    /** Each of these always begins with bytes that tell it. */
    private static final Set<MediaType> TOLD_BY_BYTES = Set.of(
            MediaType.image("png"),
            MediaType.image("jpeg"),
            MediaType.image("gif"),
            MediaType.image("webp"),
            MediaType.image("bmp"),
            MediaType.image("tiff"),
            MediaType.application("pdf"),
            MediaType.application("zip"),
            MediaType.application("gzip"),
            MediaType.video("mp4"),
            MediaType.video("webm"),
            MediaType.audio("ogg"));

    private final Detector detector = MimeTypes.getDefaultMimeTypes();
    private final MediaTypeRegistry registry = MediaTypeRegistry.getDefaultRegistry();

    /**
     * The type under which a file is kept.
     *
     * @param told as the client says; empty: it says nothing
     * @param head the first bytes, {@value #HEAD_BYTES} or all
     * @throws MediaRefusal BAD_REQUEST if it is no type, or the bytes are something else
     */
    String checked(String told, byte[] head) {
        MediaType found = detect(head);
        if (told.isEmpty()) {
            return found.getBaseType().toString();
        }
        MediaType said = parsed(told);
        MediaType plain = registry.normalize(said.getBaseType());
        if (!plain.toString().equals(ANYTHING) && !fits(plain, registry.normalize(found))) {
            throw new MediaRefusal(
                    ErrorCode.BAD_REQUEST,
                    "the bytes are " + found + " and not " + plain + ": send the right content type, or " + ANYTHING);
        }
        return said.toString();
    }

    /** @throws MediaRefusal BAD_REQUEST if it is no type */
    static MediaType parsed(String told) {
        MediaType said = MediaType.parse(told);
        if (said == null || told.length() > 255) {
            throw new MediaRefusal(ErrorCode.BAD_REQUEST, "the content type is none: send one such as image/png");
        }
        return said;
    }

    private boolean fits(MediaType said, MediaType found) {
        boolean mayBe = isKindOf(said, found) && !TOLD_BY_BYTES.contains(said);
        if (mayBe || said.equals(found) || isKindOf(found, said)) {
            return true;
        }
        // A container, such as Ogg or MP4, holds sound or video; which one the first bytes do not always tell.
        return isStream(said) && isStream(found);
    }

    private boolean isKindOf(MediaType special, MediaType general) {
        return registry.isSpecializationOf(special, general);
    }

    private static boolean isStream(MediaType type) {
        return type.getType().equals("audio") || type.getType().equals("video");
    }

    private MediaType detect(byte[] head) {
        try {
            return detector.detect(new ByteArrayInputStream(head), new Metadata());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
