package io.parley.media;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Pictures for tests. */
final class Pictures {
    private Pictures() {}

    /** The left half red, the right half blue. */
    static byte[] redAndBlue(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, (x < width / 2 ? Color.RED : Color.BLUE).getRGB());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    /** A JPEG with an Exif segment that says how it is to be turned, and a comment. */
    static byte[] turned(byte[] jpeg, int orientation, String comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0xFFD8);
        out.writeShort(0xFFE1);
        out.writeShort(2 + 6 + 26);
        out.write("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        // Little-endian, as cameras write it.
        out.write(new byte[] {
            'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte) orientation, 0, 0, 0, 0, 0, 0, 0
        });
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        out.writeShort(0xFFFE);
        out.writeShort(2 + text.length);
        out.write(text);
        out.write(jpeg, 2, jpeg.length - 2);
        return bytes.toByteArray();
    }

    /** A PNG of which the header says that it is so large, and whose data are missing. */
    static byte[] bomb(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504E470D0A1A0AL);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {8, 6, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        chunk(out, "IDAT", new byte[0]);
        chunk(out, "IEND", new byte[0]);
        return bytes.toByteArray();
    }

    /** A PNG with a text beside the picture. */
    static byte[] withText(byte[] png, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        int afterHeader = 8 + 4 + 4 + 13 + 4;
        out.write(png, 0, afterHeader);
        chunk(out, "tEXt", ("Comment\0" + text).getBytes(StandardCharsets.ISO_8859_1));
        out.write(png, afterHeader, png.length - afterHeader);
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String name, byte[] content) throws IOException {
        byte[] named = name.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(named);
        checksum.update(content);
        out.writeInt(content.length);
        out.write(named);
        out.write(content);
        out.writeInt((int) checksum.getValue());
    }
}
