package io.parley.standalone.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.standalone.pages.Step.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlayedPageTest {
    private static List<Step> steps(String page) {
        return PlayedPage.parse("page.md", page.lines().toList()).steps();
    }

    @Test
    void a_page_is_read_in_its_order() {
        List<Step> steps = steps("""
                # Title
                <!-- play: bob/tablet connects -->
                Text.

                <!-- play: alice publishes chat/@bob/msg, refused with 0x99 -->

                ```json
                {"id":1}
                ```
                <!-- play: bob/tablet receives chat/alice~bob/msg -->
                ```json
                {
                  "seq": 1
                }
                ```

                ```
                GET / HTTP/1.1
                ```
                <!-- play: erin is erased -->
                """);

        assertThat(steps)
                .extracting(Step::kind)
                .containsExactly(Kind.CONNECTS, Kind.PUBLISHES, Kind.RECEIVES, Kind.IS_ERASED);
        assertThat(steps.get(1).clientId()).isEqualTo("alice/phone");
        assertThat(steps.get(1).refusal()).isEqualTo(0x99);
        assertThat(steps.get(1).topic()).isEqualTo("chat/@bob/msg");
        assertThat(steps.get(2).clientId()).isEqualTo("bob/tablet");
        assertThat(steps.get(2).refusal()).isZero();
        assertThat(steps.get(2).example()).hasToString("{\"seq\":1}");
        assertThat(steps.get(2).place()).isEqualTo("page.md:10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\n{}\n```",
                "<!-- play: alice publishes chat/@bob/msg -->",
                "<!-- play: alice publishes chat/@bob/msg -->\ntext\n```json\n{}\n```",
                "<!-- play: alice publishes chat/@bob/msg -->\n<!-- play: bob connects -->\n```json\n{}\n```",
                "<!-- play: alice shouts -->\n```json\n{}\n```",
                "<!-- play: alice publishes chat/@bob/msg, refused -->\n```json\n{}\n```",
                "<!-- play: alice publishes chat/@bob/msg -->\n```json\n{\"id\":…}\n```",
                "<!-- play: alice publishes chat/@bob/msg -->\n```json\n[]\n```",
                "<!-- play: alice publishes chat/@bob/msg -->\n```json\n{}",
                "  ```json\n  {}\n  ```",
                "```jsonc\n{}\n```"
            })
    void what_would_not_be_played_is_a_fault_of_the_page(String page) {
        assertThatThrownBy(() -> steps(page))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("page.md:");
    }
}
