package io.parley.push.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ShorteningTest {
    private static final String FAMILY = "👨‍👩‍👧";

    @Test
    void what_fits_stays_as_it_is() {
        assertThat(Shortening.toFit("hello", 7, text -> "<" + text + ">")).isEqualTo("<hello>");
        assertThat(Shortening.toLength("hello", 5)).isEqualTo("hello");
    }

    @Test
    void the_longest_beginning_that_fits_is_taken() {
        String made = Shortening.toFit("abcdefghij", 8, text -> "<" + text + ">");

        assertThat(made).isEqualTo("<abc…>");
        assertThat(made.getBytes(StandardCharsets.UTF_8)).hasSize(8);
        assertThat(Shortening.toLength("abcdefghij", 4)).isEqualTo("abc…");
    }

    @Test
    void what_a_reader_sees_as_one_character_is_not_cut() {
        assertThat(Shortening.toLength("a" + "e\u0301".repeat(5), 4)).isEqualTo("ae\u0301…");
        assertThat(Shortening.toFit("ab😀😀", 8, text -> text)).isEqualTo("ab…");
    }

    @Test
    void what_fits_not_even_without_text_is_made_without() {
        assertThat(Shortening.toFit("abc", 2, text -> "<<" + text + ">>")).isEqualTo("<<>>");
    }

    @Test
    void a_text_of_emoji_is_cut_between_code_points() {
        String made = Shortening.toFit(FAMILY.repeat(300), 4096, text -> text);

        assertThat(made.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
        assertThat(made).endsWith("…");
        assertThat(new String(made.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(made);
    }
}
