package io.parley.media;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The segments at the beginning of a JPEG file: how it is to be turned, and what is said beside the picture. Reads one segment of 64 KiB at a time. */
final class JpegSegments {
    private static final int START = 0xFFD8;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    /** The colour profile: without it the colours are others. */
    private static final int APP2 = 0xE2;
    /** How Adobe's programs write colours: likewise. */
    private static final int APP14 = 0xEE;

    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int SCAN = 0xDA;

    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ORIENTATION_TAG = 0x0112;
    private static final int UPRIGHT = 1;
    private static final int LAST_ORIENTATION = 8;

    private JpegSegments() {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Segment(int marker, byte[] content) {
        boolean isExif() {
            return marker == APP1 && startsWith(content, EXIF);
        }

        /** Whether it says something beside the picture and how it is to be shown. */
        boolean isMetadata() {
            boolean profile = marker == APP2 && startsWith(content, PROFILE);
            return marker == COMMENT || (marker > APP0 && marker <= APP15 && marker != APP14 && !profile);
        }
    }

    /** How the picture is to be turned, 1 to 8 as in Exif; 1 for what is no JPEG, or does not say it. */
    static int orientation(InputStream file) throws IOException {
        DataInputStream in = new DataInputStream(file);
        try {
            if (in.readUnsignedShort() != START) {
                return UPRIGHT;
            }
            for (Segment segment = next(in); segment != null; segment = next(in)) {
                if (segment.isExif()) {
                    return orientation(segment.content(), EXIF.length);
                }
            }
        } catch (EOFException e) {
            // Not a whole picture: whoever decodes it says so.
        }
        return UPRIGHT;
    }

    /**
     * Copies a JPEG file without its metadata. How it is to be turned is kept: else it would be shown lying on its side.
     *
     * @throws IOException also if it is no JPEG
     */
    static void copyWithoutMetadata(InputStream file, OutputStream to) throws IOException {
        DataInputStream in = new DataInputStream(file);
        if (in.readUnsignedShort() != START) {
            throw new IOException("no JPEG");
        }
        to.write(new byte[] {(byte) 0xFF, (byte) 0xD8});
        for (Segment segment = next(in); segment != null; segment = next(in)) {
            int turned = segment.isExif() ? orientation(segment.content(), EXIF.length) : UPRIGHT;
            if (turned != UPRIGHT) {
                write(to, new Segment(APP1, exif(turned)));
            } else if (!segment.isMetadata()) {
                write(to, segment);
            }
        }
        // Behind the picture may be others, with their own metadata, that no program shows: only this one is copied.
        to.write(new byte[] {(byte) 0xFF, (byte) SCAN});
        copyPicture(in, to);
    }

    /** The next segment; null when the picture's data begin. */
    private static @Nullable Segment next(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != 0xFF) {
            throw new IOException("no JPEG: a segment does not begin where the one before ends");
        }
        int marker = in.readUnsignedByte();
        while (marker == 0xFF) {
            marker = in.readUnsignedByte();
        }
        if (marker == SCAN) {
            return null;
        }
        int length = in.readUnsignedShort();
        if (length < 2) {
            throw new IOException("no JPEG: a segment has no length");
        }
        byte[] content = new byte[length - 2];
        in.readFully(content);
        return new Segment(marker, content);
    }

    private static void write(OutputStream to, Segment segment) throws IOException {
        int length = segment.content().length + 2;
        to.write(new byte[] {(byte) 0xFF, (byte) segment.marker(), (byte) (length >> 8), (byte) length});
        to.write(segment.content());
    }

    /** Up to the end of the picture, which no byte within it looks like. */
    private static void copyPicture(InputStream in, OutputStream to) throws IOException {
        int before = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            to.write(next);
            if (before == 0xFF && next == 0xD9) {
                return;
            }
            before = next;
        }
        throw new IOException("no JPEG: it has no end");
    }

    /** @param at where the Exif data begin */
    static int orientation(byte[] exif, int at) {
        try {
            ByteBuffer tiff = ByteBuffer.wrap(exif, at, exif.length - at).slice();
            tiff.order(tiff.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            tiff.position(tiff.getInt(4));
            int entries = tiff.getShort() & 0xFFFF;
            for (int i = 0; i < entries; i++) {
                int tag = tiff.getShort() & 0xFFFF;
                tiff.getShort();
                tiff.getInt();
                int value = tiff.getShort() & 0xFFFF;
                tiff.getShort();
                if (tag == ORIENTATION_TAG) {
                    return value >= UPRIGHT && value <= LAST_ORIENTATION ? value : UPRIGHT;
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // Broken: it says nothing.
        }
        return UPRIGHT;
    }

    /** An Exif segment that says how the picture is to be turned, and nothing else. */
    private static byte[] exif(int orientation) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(EXIF);
        out.writeBytes(ByteBuffer.allocate(26)
                .putShort((short) 0x4D4D)
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) ORIENTATION_TAG)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array());
        return out.toByteArray();
    }

    private static boolean startsWith(byte[] content, byte[] beginning) {
        return content.length >= beginning.length
                && java.util.Arrays.equals(content, 0, beginning.length, beginning, 0, beginning.length);
    }
}
