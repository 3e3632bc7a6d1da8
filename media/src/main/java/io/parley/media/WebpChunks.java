package io.parley.media;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the chunks of a WebP file say before anything is decoded.
 *
 * @param orientation how the picture is to be turned, 1 to 8 as in Exif
 * @param isPlain whether it is lossy and opaque: then the memory for decoding depends on what is kept. Lossless data are decoded as a whole, with tables of
 *     which a small file can ask for many
 * @param width the largest of all widths that the file names, in pixels
 * @param height likewise
 */
record WebpChunks(int orientation, boolean isPlain, int width, int height) {
    private static final int RIFF = 0x52494646;
    private static final int WEBP = 0x57454250;
    private static final int LOSSY = 0x56503820;
    private static final int LOSSLESS = 0x5650384C;
    private static final int EXTENDED = 0x56503858;
    private static final int ALPHA = 0x414C5048;
    private static final int FRAME = 0x414E4D46;
    private static final int EXIF = 0x45584946;
    private static final int FRAME_HEADER = 16;
    private static final int MOST_EXIF = 64 * 1024;
    private static final int MOST_SIDE = 0x3FFF;

    /** Whether a file that begins so is a WebP. */
    static boolean isWebp(byte[] head) {
        ByteBuffer bytes = ByteBuffer.wrap(head);
        return head.length >= 12 && bytes.getInt(0) == RIFF && bytes.getInt(8) == WEBP;
    }

    /** Reads all chunks, and skips the data. @throws IOException also if the file is broken */
    static WebpChunks read(InputStream file) throws IOException {
        DataInputStream in = new DataInputStream(file);
        in.skipNBytes(12);
        WebpChunks found = new WebpChunks(1, true, 0, 0);
        try {
            while (true) {
                int kind = in.readInt();
                long size = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
                found = found.with(kind, size, in);
            }
        } catch (EOFException e) {
            return found;
        }
    }

    private WebpChunks with(int kind, long size, DataInputStream in) throws IOException {
        long padded = size + (size & 1);
        switch (kind) {
            case LOSSY -> {
                ByteBuffer head = head(in, 10, padded);
                return larger(head.getShort(6) & MOST_SIDE, head.getShort(8) & MOST_SIDE, isPlain);
            }
            case LOSSLESS -> {
                int bits = head(in, 5, padded).getInt(1);
                return larger((bits & MOST_SIDE) + 1, ((bits >>> 14) & MOST_SIDE) + 1, false);
            }
            case EXTENDED -> {
                ByteBuffer head = head(in, 10, padded);
                return larger(1 + (head.getInt(4) & 0xFFFFFF), 1 + (head.getInt(6) >>> 8), isPlain);
            }
            case FRAME -> {
                // The picture's chunks lie within it, and come next.
                in.skipNBytes(Math.min(FRAME_HEADER, padded));
                return larger(0, 0, false);
            }
            case EXIF -> {
                if (padded > MOST_EXIF) {
                    in.skipNBytes(padded);
                    return this;
                }
                byte[] exif = in.readNBytes((int) padded);
                return new WebpChunks(JpegSegments.orientation(exif, 0), isPlain, width, height);
            }
            default -> {
                in.skipNBytes(padded);
                return kind == ALPHA ? larger(0, 0, false) : this;
            }
        }
    }

    private static ByteBuffer head(DataInputStream in, int length, long padded) throws IOException {
        if (padded < length) {
            throw new IOException("a chunk is too short");
        }
        byte[] head = new byte[length];
        in.readFully(head);
        in.skipNBytes(padded - length);
        return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    }

    private WebpChunks larger(int otherWidth, int otherHeight, boolean plain) {
        return new WebpChunks(orientation, plain, Math.max(width, otherWidth), Math.max(height, otherHeight));
    }
}
