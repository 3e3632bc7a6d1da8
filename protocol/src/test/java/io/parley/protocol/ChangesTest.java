package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangesTest {
    @Test
    void what_changes_a_message_names_its_seq() throws Exception {
        assertThat(read("{\"id\":\"e\",\"edit\":{\"seq\":41,\"text\":\"hello\"}}")
                        .getEdit())
                .satisfies(edit -> assertThat(edit.getSeq()).isEqualTo(41))
                .satisfies(edit -> assertThat(edit.getText()).isEqualTo("hello"));
        assertThat(read("{\"id\":\"d\",\"delete\":{\"seq\":41}}").getDelete().getSeq())
                .isEqualTo(41);
        assertThat(read("{\"id\":\"r\",\"react\":{\"seq\":41,\"emoji\":\"👍\",\"remove\":true}}")
                        .getReact()
                        .getRemove())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"edit\":{\"text\":\"no seq\"}}",
                "{\"edit\":{\"seq\":1}}",
                "{\"edit\":{\"seq\":4294967295,\"text\":\"beyond\"}}",
                "{\"edit\":{\"seq\":1,\"text\":\"and more\"},\"replyTo\":1}",
                "{\"edit\":{\"seq\":1,\"text\":\"and more\"},\"mentions\":[\"bob\"]}",
                "{\"delete\":{}}",
                "{\"delete\":{\"seq\":1},\"attachments\":[{\"id\":\"a\"}]}",
                "{\"delete\":{\"seq\":1},\"edit\":{\"seq\":1,\"text\":\"both\"}}",
                "{\"react\":{\"emoji\":\"👍\"}}",
                "{\"react\":{\"seq\":1}}",
                "{\"text\":\"hi\",\"mentions\":[\"Not A User\"]}",
                "{\"text\":\"hi\",\"replyTo\":4294967295}"
            })
    void what_is_no_change_is_refused(String payload) {
        assertThatThrownBy(() -> read(payload)).isInstanceOf(MalformedPayload.class);
    }

    @Test
    void users_are_mentioned_by_their_ids() throws Exception {
        assertThat(read("{\"text\":\"hi\",\"mentions\":[\"bob\"]}").getMentionsList())
                .containsExactly("bob");
    }

    @Test
    void an_emoji_has_a_bound_that_no_emoji_reaches() throws Exception {
        String couple = "👩🏻\u200d❤️\u200d💋\u200d👩🏼";
        assertThat(react(couple).getReact().getEmoji()).isEqualTo(couple);
        assertThat(react("👍".repeat(16)).getReact().getEmoji()).hasSize(32);
        assertThatThrownBy(() -> react("👍".repeat(17))).isInstanceOf(MalformedPayload.class);
    }

    private static Publication react(String emoji) throws MalformedPayload {
        return read("{\"react\":{\"seq\":1,\"emoji\":\"" + emoji + "\"}}");
    }

    private static Publication read(String payload) throws MalformedPayload {
        return Publications.read(payload.getBytes(StandardCharsets.UTF_8), WireFormat.JSON, List.of());
    }
}
