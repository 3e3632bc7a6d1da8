package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Removes what a picture's file says beside the picture: place, time, camera, texts. The picture itself is copied as it is, never decoded. */
final class PictureMetadata {
    private static final long PNG = 0x89504E470D0A1A0AL;
    private static final Set<String> PNG_METADATA = Set.of("tEXt", "zTXt", "iTXt", "eXIf", "tIME");
    private static final int CHECKSUM_BYTES = 4;

    private PictureMetadata() {}

    /**
     * Copies a picture without its metadata.
     *
     * @param type its content type, checked
     * @throws MediaRefusal BAD_REQUEST if it is of another type than JPEG and PNG, or broken
     */
    static void remove(String type, Path from, Path to) throws IOException {
        boolean jpeg = type.startsWith("image/jpeg");
        if (!jpeg && !type.startsWith("image/png")) {
            throw new MediaRefusal(
                    ErrorCode.BAD_REQUEST,
                    "metadata can be removed from image/jpeg and image/png only, not from " + type);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(from));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
            if (jpeg) {
                JpegSegments.copyWithoutMetadata(in, out);
            } else {
                copyPng(new DataInputStream(in), new DataOutputStream(out));
            }
        } catch (EOFException e) {
            throw broken();
        } catch (IOException e) {
            String message = e.getMessage();
            if (message != null && message.startsWith("no ")) {
                throw broken();
            }
            throw e;
        }
    }

    private static MediaRefusal broken() {
        return new MediaRefusal(ErrorCode.BAD_REQUEST, "the picture is broken: its metadata cannot be removed");
    }

    private static void copyPng(DataInputStream in, DataOutputStream out) throws IOException {
        if (in.readLong() != PNG) {
            throw new IOException("no PNG");
        }
        out.writeLong(PNG);
        byte[] name = new byte[4];
        while (true) {
            int length = in.readInt();
            in.readFully(name);
            if (length < 0) {
                throw new IOException("no PNG: a chunk has no length");
            }
            String chunk = new String(name, StandardCharsets.ISO_8859_1);
            if (PNG_METADATA.contains(chunk)) {
                in.skipNBytes((long) length + CHECKSUM_BYTES);
            } else {
                out.writeInt(length);
                out.write(name);
                copy(in, out, (long) length + CHECKSUM_BYTES);
            }
            if (chunk.equals("IEND")) {
                return;
            }
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[8192];
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException();
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }
}
