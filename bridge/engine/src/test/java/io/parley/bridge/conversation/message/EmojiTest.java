package io.parley.bridge.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.UnicodeSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmojiTest {
    @Test
    void every_emoji_that_unicode_recommends_is_one() {
        List<String> recommended = new ArrayList<>();
        new UnicodeSet().applyIntPropertyValue(UProperty.RGI_EMOJI, 1).forEach(recommended::add);

        assertThat(recommended).hasSizeGreaterThan(3_000).allMatch(Emoji::isOne);
        assertThat(recommended).noneMatch(emoji -> Emoji.isOne(emoji + "👍"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👍",
                "👍🏽",
                "❤",
                "❤️",
                "1️⃣",
                "#️⃣",
                "👩🏽‍🚀",
                "🫠",
                "🏳️‍🌈",
                "🇩🇪",
                "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                "👨‍👩‍👧‍👦",
                "👩🏻‍❤️‍💋‍👩🏼",
                "👨🏻‍👩🏼‍👧🏽‍👦🏾"
            })
    void one_picture_is_one_emoji_of_any_length(String emoji) {
        assertThat(Emoji.isOne(emoji)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "\u0000",
                "\u200D",
                "\uFE0F",
                "\u0301",
                "\u20E3",
                "\u00A0",
                "\u2060",
                "👍 ",
                " 👍",
                "👍👍",
                "👍\u200D",
                "\u200D👍",
                "🇩🇪🇫🇷",
                "🇩",
                "🇩👍",
                "1",
                "11️⃣",
                "a",
                "é",
                "!",
                "ab",
                "👍\u0301"
            })
    void what_is_invisible_or_a_letter_or_more_is_none(String text) {
        assertThat(Emoji.isOne(text)).isFalse();
    }

    @Test
    void an_emoji_that_is_younger_than_the_library_is_one() {
        // Reserved for emojis to come: no character has it yet.
        assertThat(Emoji.isOne(Character.toString(0x1FAFD))).isTrue();
    }
}
