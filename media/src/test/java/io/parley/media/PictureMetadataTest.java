package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PictureMetadataTest {
    private static final String SECRET = "taken at home";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void a_jpeg_loses_its_texts_and_is_turned_as_before() throws Exception {
        byte[] jpeg = Pictures.turned(Pictures.redAndBlue(80, 40, "jpg"), 6, SECRET);

        byte[] stripped = strip("image/jpeg", jpeg);

        assertThat(new String(stripped, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        assertThat(JpegSegments.orientation(new ByteArrayInputStream(stripped))).isEqualTo(6);
        assertThat(pixels(stripped)).isEqualTo(pixels(jpeg));
    }

    @Test
    void what_follows_a_jpeg_is_left_out() throws Exception {
        byte[] jpeg = Pictures.redAndBlue(80, 40, "jpg");
        byte[] followed = Arrays.copyOf(jpeg, jpeg.length + SECRET.length());
        System.arraycopy(SECRET.getBytes(StandardCharsets.US_ASCII), 0, followed, jpeg.length, SECRET.length());

        assertThat(new String(strip("image/jpeg", followed), StandardCharsets.ISO_8859_1))
                .doesNotContain(SECRET);
    }

    @Test
    void a_png_loses_its_texts() throws Exception {
        byte[] png = Pictures.withText(Pictures.redAndBlue(80, 40, "png"), SECRET);

        byte[] stripped = strip("image/png", png);

        assertThat(new String(stripped, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        assertThat(pixels(stripped)).isEqualTo(pixels(png));
    }

    @Test
    void others_and_broken_ones_are_refused() throws Exception {
        byte[] jpeg = Pictures.redAndBlue(80, 40, "jpg");

        assertThatThrownBy(() -> strip("image/gif", new byte[10])).isInstanceOf(MediaRefusal.class);
        assertThatThrownBy(() -> strip("image/jpeg", Arrays.copyOf(jpeg, jpeg.length / 2)))
                .isInstanceOf(MediaRefusal.class);
        assertThatThrownBy(() -> strip("image/png", Arrays.copyOf(Pictures.redAndBlue(8, 4, "png"), 50)))
                .isInstanceOf(MediaRefusal.class);
    }

    private byte[] strip(String type, byte[] picture) throws Exception {
        Path from = Files.write(directory.resolve("from"), picture);
        Path to = directory.resolve("to");
        PictureMetadata.remove(type, from, to);
        return Files.readAllBytes(to);
    }

    private static int[] pixels(byte[] picture) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
