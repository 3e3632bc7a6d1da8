package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * Makes small pictures of pictures. The header is read first, and a picture that is too large is not decoded. Of others only every n-th row and column is
 * kept while decoding: the memory depends on the thumbnail's size, not on the picture's.
 */
final class Thumbnails {
    static final int SMALLEST = 16;
    static final int LARGEST = 1024;

    /** A row is decoded as a whole. */
    private static final int LONGEST_SIDE = 30_000;
    /** At most so many times what is shown is decoded, and at least what is shown. */
    private static final int FINER = 2;

    private static final int HEAD_BYTES = 12;
    /** Of a WebP that is decoded as a whole, such as a sticker. */
    private static final long MOST_LOSSLESS = 512 * 512;

    private final long mostPixels;

    Thumbnails(long mostPixels) {
        this.mostPixels = mostPixels;
        // Else the decoders write whole pictures into temporary files.
        ImageIO.setUseCache(false);
    }

    /**
     * Writes a thumbnail, as JPEG, or as PNG if the picture is transparent.
     *
     * @param size of the longer side, in pixels; a smaller picture keeps its own
     * @return its content type
     * @throws MediaRefusal NOT_FOUND if none can be made, TOO_LARGE if the picture has too many pixels
     */
    String write(Path picture, int size, OutputStream to) throws IOException {
        int orientation;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(picture))) {
            orientation = orientation(in);
        } catch (IOException e) {
            throw none();
        }
        BufferedImage decoded = decode(picture, size);
        BufferedImage small = scaled(decoded, size, orientation);
        boolean transparent = small.getColorModel().hasAlpha();
        ImageIO.write(small, transparent ? "png" : "jpg", to);
        return transparent ? "image/png" : "image/jpeg";
    }

    private int orientation(InputStream in) throws IOException {
        in.mark(HEAD_BYTES);
        byte[] head = in.readNBytes(HEAD_BYTES);
        in.reset();
        if (!WebpChunks.isWebp(head)) {
            return JpegSegments.orientation(in);
        }
        // The decoder believes the first size that the file names, and decodes by the others.
        WebpChunks chunks = WebpChunks.read(in);
        requireSize(chunks.width(), chunks.height(), chunks.isPlain() ? mostPixels : MOST_LOSSLESS);
        return chunks.orientation();
    }

    private static void requireSize(int width, int height, long pixels) {
        if (Math.max(width, height) > LONGEST_SIDE || (long) width * height > pixels) {
            throw new MediaRefusal(
                    ErrorCode.TOO_LARGE,
                    "a thumbnail is made of such pictures of " + pixels + " pixels and " + LONGEST_SIDE
                            + " in width and height at most");
        }
    }

    private BufferedImage decode(Path picture, int size) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(picture.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw none();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return decode(reader, size);
            } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | IllegalStateException e) {
                // Broken, or of a kind that the decoder does not know. It throws whatever it stumbles over.
                throw none();
            } finally {
                reader.dispose();
            }
        }
    }

    private BufferedImage decode(ImageReader reader, int size) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        requireSize(width, height, mostPixels);
        ImageReadParam asked = reader.getDefaultReadParam();
        int fine = size * FINER;
        int step = (Math.max(width, height) + fine - 1) / fine;
        asked.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, asked);
    }

    private static MediaRefusal none() {
        return new MediaRefusal(ErrorCode.NOT_FOUND, "no thumbnail can be made of this attachment");
    }

    private static BufferedImage scaled(BufferedImage decoded, int size, int orientation) {
        double scale = Math.min(1.0, (double) size / Math.max(decoded.getWidth(), decoded.getHeight()));
        int width = Math.max(1, (int) Math.round(decoded.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(decoded.getHeight() * scale));
        boolean lying = orientation >= 5;
        BufferedImage small = new BufferedImage(
                lying ? height : width,
                lying ? width : height,
                decoded.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
        graphics.transform(turning(orientation, width, height));
        graphics.drawImage(decoded, 0, 0, width, height, null);
        graphics.dispose();
        return small;
    }

    /** From the picture as it is stored to the picture as it is to be seen. */
    private static AffineTransform turning(int orientation, int width, int height) {
        return switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
            default -> new AffineTransform();
        };
    }
}
