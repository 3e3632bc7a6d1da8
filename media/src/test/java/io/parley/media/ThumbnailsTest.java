package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.ErrorCode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ThumbnailsTest {
    private final Thumbnails thumbnails = new Thumbnails(1_000_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void the_longer_side_has_the_size_that_is_asked_for() throws Exception {
        BufferedImage small = thumbnail(Pictures.redAndBlue(1000, 500, "png"), 100);

        assertThat(small.getWidth()).isEqualTo(100);
        assertThat(small.getHeight()).isEqualTo(50);
        assertThat(isRed(small, 10, 25)).isTrue();
        assertThat(isRed(small, 90, 25)).isFalse();
    }

    @Test
    void a_small_picture_stays_as_small() throws Exception {
        assertThat(thumbnail(Pictures.redAndBlue(40, 20, "png"), 100).getWidth())
                .isEqualTo(40);
    }

    /** Where the red half is that lies on the left as the picture is stored. */
    @ParameterizedTest
    @CsvSource({
        "1,100,50,left",
        "2,100,50,right",
        "3,100,50,right",
        "4,100,50,left",
        "5,50,100,top",
        "6,50,100,top",
        "7,50,100,bottom",
        "8,50,100,bottom"
    })
    void a_picture_is_turned_as_its_camera_says(int orientation, int width, int height, String red) throws Exception {
        byte[] jpeg = Pictures.turned(Pictures.redAndBlue(1000, 500, "jpg"), orientation, "c");

        BufferedImage small = thumbnail(jpeg, 100);

        assertThat(small.getWidth()).isEqualTo(width);
        assertThat(small.getHeight()).isEqualTo(height);
        int x = red.equals("left") ? 5 : red.equals("right") ? width - 5 : width / 2;
        int y = red.equals("top") ? 5 : red.equals("bottom") ? height - 5 : height / 2;
        assertThat(isRed(small, x, y)).isTrue();
        assertThat(isRed(small, width - 1 - x, height - 1 - y)).isEqualTo(false);
    }

    @Test
    void a_picture_bomb_is_not_decoded() throws Exception {
        byte[] bomb = Pictures.bomb(30_000, 30_000);
        byte[] ribbon = Pictures.bomb(1_000_000, 1);

        assertThatThrownBy(() -> thumbnail(bomb, 100))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThatThrownBy(() -> thumbnail(ribbon, 100))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy", "lossless", "alpha"})
    void a_webp_has_a_thumbnail(String kind) throws Exception {
        BufferedImage small = thumbnail(webp(kind), 100);

        assertThat(small.getWidth()).isEqualTo(100);
        assertThat(small.getHeight()).isEqualTo(50);
        assertThat(isRed(small, 10, 10)).isTrue();
        assertThat(isRed(small, 90, 10)).isFalse();
        assertThat(small.getColorModel().hasAlpha()).isEqualTo(!kind.equals("lossy"));
    }

    @Test
    void a_webp_is_turned_as_its_camera_says() throws Exception {
        BufferedImage small = thumbnail(webp("turned"), 100);

        assertThat(small.getWidth()).isEqualTo(50);
        assertThat(small.getHeight()).isEqualTo(100);
        assertThat(isRed(small, 25, 5)).isTrue();
        assertThat(isRed(small, 25, 95)).isFalse();
    }

    @Test
    void a_webp_that_names_two_sizes_counts_as_the_larger() throws Exception {
        byte[] bomb = webp("lossless");
        // 14 bits for each side, behind the signature.
        Arrays.fill(bomb, 21, 24, (byte) 0xFF);

        assertThatThrownBy(() -> thumbnail(bomb, 100))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE));
        byte[] canvas = webp("alpha");
        // The frame within says a size of its own, behind its start code.
        int frame = indexOf(canvas, new byte[] {(byte) 0x9D, 1, 0x2A}) + 3;
        Arrays.fill(canvas, frame, frame + 4, (byte) 0x3F);
        assertThatThrownBy(() -> thumbnail(canvas, 100))
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void a_webp_that_is_cut_anywhere_has_none_or_one() throws Exception {
        for (String kind : new String[] {"lossy", "lossless", "alpha", "turned"}) {
            byte[] all = webp(kind);
            for (int length = 0; length < all.length; length += Math.max(7, all.length / 8)) {
                byte[] cut = Arrays.copyOf(all, length);
                try {
                    thumbnail(cut, 100);
                } catch (MediaRefusal refusal) {
                    assertThat(refusal.code()).as(kind + " " + length).isIn(ErrorCode.NOT_FOUND, ErrorCode.TOO_LARGE);
                }
            }
        }
    }

    private static byte[] webp(String name) throws Exception {
        try (InputStream in = ThumbnailsTest.class.getResourceAsStream(name + ".webp")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        int at = 0;
        while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    @Test
    void what_is_no_picture_or_half_of_one_has_none() throws Exception {
        byte[] half = Pictures.redAndBlue(500, 500, "png");

        for (byte[] bytes : new byte[][] {
            new byte[0],
            {1, 2, 3},
            Arrays.copyOf(half, 60),
            Pictures.bomb(100, 100),
            {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}
        }) {
            assertThatThrownBy(() -> thumbnail(bytes, 100))
                    .isInstanceOfSatisfying(
                            MediaRefusal.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    private BufferedImage thumbnail(byte[] picture, int size) throws Exception {
        Path file = Files.write(directory.resolve("picture"), picture);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        thumbnails.write(file, size, out);
        return ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    }

    private static boolean isRed(BufferedImage image, int x, int y) {
        Color color = new Color(image.getRGB(x, y));
        return color.getRed() > 128 && color.getBlue() < 128;
    }
}
