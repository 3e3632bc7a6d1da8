package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentTypesTest {
    private static final byte[] ENCRYPTED = {(byte) 0xF0, 3, (byte) 0x99, 17, 0, 1};

    private final ContentTypes types = new ContentTypes();

    @Test
    void a_type_that_the_bytes_bear_out_is_kept_with_its_parameters() throws Exception {
        assertThat(types.checked("image/PNG", Pictures.redAndBlue(2, 2, "png"))).isEqualTo("image/png");
        assertThat(types.checked("text/markdown; charset=UTF-8", text("# hello")))
                .isEqualTo("text/markdown; charset=UTF-8");
        assertThat(types.checked("application/json", text("{\"a\":1}"))).isEqualTo("application/json");
        assertThat(types.checked("application/vnd.openxmlformats-officedocument.wordprocessingml.document", zip()))
                .endsWith("document");
        assertThat(types.checked("application/vnd.example", ENCRYPTED)).isEqualTo("application/vnd.example");
    }

    @Test
    void anything_may_be_bytes() throws Exception {
        assertThat(types.checked("application/octet-stream", ENCRYPTED)).isEqualTo("application/octet-stream");
        assertThat(types.checked("application/octet-stream", Pictures.redAndBlue(2, 2, "png")))
                .isEqualTo("application/octet-stream");
    }

    @Test
    void who_says_nothing_is_told() throws Exception {
        assertThat(types.checked("", Pictures.redAndBlue(2, 2, "jpg"))).isEqualTo("image/jpeg");
        assertThat(types.checked("", ENCRYPTED)).isEqualTo("application/octet-stream");
        assertThat(types.checked("", new byte[0])).isEqualTo("application/octet-stream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "application/pdf", "video/mp4"})
    void bytes_that_are_something_else_are_refused(String told) {
        assertThatThrownBy(() -> types.checked(told, ENCRYPTED)).isInstanceOf(MediaRefusal.class);
        assertThatThrownBy(() -> types.checked(told, text("<html><script>alert(1)</script></html>")))
                .isInstanceOf(MediaRefusal.class)
                .hasMessageContaining("text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no type", "image/", "a/b/c"})
    void what_is_no_type_is_refused(String told) {
        assertThatThrownBy(() -> types.checked(told, ENCRYPTED)).isInstanceOf(MediaRefusal.class);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write(text("<a/>"));
        }
        return bytes.toByteArray();
    }
}
