package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicPatternTest {
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b",
        "a/+, a/b",
        "a/+, a/+",
        "a/#, a",
        "a/#, a/b/c",
        "a/#, a/#",
        "a/#, a/+/c",
        "+/b, a/b",
        "#, a/b",
        "#, #",
        "#, +/+",
        "$x/#, $x/y",
        "a/+/c, a/b/c",
        "+/+, /a",
        "a/, a/"
    })
    void a_pattern_covers(String pattern, String filter) {
        assertThat(new TopicPattern(pattern).covers(filter)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a",
        "a/b, a/b/c",
        "a/+, a/#",
        "a/+, a",
        "a/b, a/+",
        "a/b, a/#",
        "a/b, #",
        "a/#, #",
        "a/#, +/b",
        "a/#, ab",
        "#, $x",
        "+/y, $x/y",
        "#, $share/g/a",
        "a/#/b, a/c/b",
        "a/+/c, a/#",
        "a, a/"
    })
    void a_pattern_does_not_cover(String pattern, String filter) {
        assertThat(new TopicPattern(pattern).covers(filter)).isFalse();
    }

    @Test
    void what_lies_below_a_prefix_is_the_prefix_and_its_levels() {
        assertThat(TopicPattern.below("a/b").covers("a/b")).isTrue();
        assertThat(TopicPattern.below("a/b").covers("a/b/c")).isTrue();
        assertThat(TopicPattern.below("a/b").covers("a/bc")).isFalse();
        assertThat(TopicPattern.below("#").covers("a")).isTrue();
    }

    @Test
    void a_shared_subscription_is_about_its_filter() {
        assertThat(TopicPattern.unshared("$share/group/a/#")).isEqualTo("a/#");
        assertThat(TopicPattern.unshared("$share/group")).isEqualTo("$share/group");
        assertThat(TopicPattern.unshared("a/b")).isEqualTo("a/b");
    }
}
