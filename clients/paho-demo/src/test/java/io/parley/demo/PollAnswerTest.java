package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PollAnswerTest {
    private static PollAnswer parse(String json) {
        return PollAnswer.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void payloads_are_the_bytes_that_were_sent() {
        String first = "{\"seq\":1,\"text\":\"a \\\"}],[{\\\\\",\"mentions\":[\"é\",{}],\"f\":-1.5e3,\"t\":true}";
        PollAnswer answer = parse("{\"cursor\":\"c-1_=\",\"events\":[{\"topic\":\"chat/a~b/msg\",\"payload\":" + first
                + "},{\"payload\":{},\"topic\":\"user/a/reply\"}]}");
        assertThat(answer.cursor()).isEqualTo("c-1_=");
        assertThat(answer.events()).hasSize(2);
        assertThat(answer.events().get(0).topic()).isEqualTo("chat/a~b/msg");
        assertThat(new String(answer.events().get(0).payload(), StandardCharsets.UTF_8))
                .isEqualTo(first);
        assertThat(answer.events().get(1).topic()).isEqualTo("user/a/reply");
        assertThat(new String(answer.events().get(1).payload(), StandardCharsets.UTF_8))
                .isEqualTo("{}");
    }

    @Test
    void white_space_and_unknown_fields_do_not_matter() {
        PollAnswer answer = parse(" {\n \"more\" : [1, 22 ,null] , \"events\" : [ ] ,\t\"cursor\" : \"c\" } ");
        assertThat(answer.cursor()).isEqualTo("c");
        assertThat(answer.events()).isEmpty();
    }

    @Test
    void what_is_no_answer_is_told() {
        assertThatThrownBy(() -> parse("[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("{\"cursor\":\"c\",\"events\":[{\"topic\":\"t"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("{}")).isInstanceOf(IllegalArgumentException.class);
    }
}
