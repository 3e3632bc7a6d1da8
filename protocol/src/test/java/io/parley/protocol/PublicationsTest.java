package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Request;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicationsTest {
    @Test
    void an_object_is_read_by_the_schema() throws MalformedPayload {
        Publication read = read("""
                {"id":"m1","text":"hi","replyTo":41,"mentions":["bob"],"attachments":[{"id":"a","size":"7"}],"later":[1]}""");

        assertThat(read.getId()).isEqualTo("m1");
        assertThat(read.getText()).isEqualTo("hi");
        assertThat(read.getReplyTo()).isEqualTo(41);
        assertThat(read.getMentionsList()).containsExactly("bob");
        assertThat(read.getAttachments(0).getSize()).isEqualTo(7);
    }

    @Test
    void names_of_the_schema_and_numbers_as_strings_and_nulls_are_canonical_too() throws MalformedPayload {
        Publication read =
                read("{\"data\":\"aGk=\",\"content_type\":\"text/plain\",\"replyTo\":\"41\",\"mentions\":null}");

        assertThat(read.getData().toStringUtf8()).isEqualTo("hi");
        assertThat(read.getContentType()).isEqualTo("text/plain");
        assertThat(read.getReplyTo()).isEqualTo(41);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hi", "[\"hi\"]", "\"hi\"", "5", "null", "", "hi {\"text\":5}"})
    void what_is_no_object_is_the_text_itself(String payload) throws MalformedPayload {
        assertThat(read(payload).getText()).isEqualTo(payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":[\"hi\"]}",
                "{\"text\":5}",
                "{\"text\":true}",
                "{\"text\":{}}",
                "{\"data\":[\"aGk=\"]}",
                "{\"data\":1234}",
                "{\"id\":[\"m1\"],\"text\":\"hi\"}",
                "{\"id\":7,\"text\":\"hi\"}",
                "{\"text\":\"hi\",\"contentType\":5}",
                "{\"text\":\"hi\",\"content_type\":[\"a/b\"]}",
                "{\"text\":\"hi\",\"replyTo\":[41]}",
                "{\"text\":\"hi\",\"replyTo\":true}",
                "{\"text\":\"hi\",\"replyTo\":1.5}",
                "{\"text\":\"hi\",\"mentions\":\"bob\"}",
                "{\"text\":\"hi\",\"mentions\":[5]}",
                "{\"text\":\"hi\",\"mentions\":[[\"bob\"]]}",
                "{\"attachments\":[\"a\"]}",
                "{\"attachments\":[{\"id\":[\"a\"]}]}",
                "{\"attachments\":{\"id\":\"a\"}}"
            })
    void a_field_of_another_type_is_no_message(String payload) {
        assertThatThrownBy(() -> read(payload)).isInstanceOf(MalformedPayload.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"text\":\"hi\"", "{text:\"hi\"}", "{'text':'hi'}", "{\"text\":\"hi\"} and more", "{}", "{"})
    void what_begins_as_an_object_has_to_be_one(String payload) {
        assertThatThrownBy(() -> read(payload)).isInstanceOf(MalformedPayload.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requestId\":5,\"listConversations\":{}}",
                "{\"createGroup\":{\"name\":[\"team\"]}}",
                "{\"createGroup\":[]}",
                "{\"mute\":{\"until\":[\"2026-11-24T02:31:29Z\"]}}",
                "[]"
            })
    void a_request_is_held_to_the_schema_likewise(String payload) {
        assertThatThrownBy(() -> WireFormat.JSON.decode(bytes(payload), Request.newBuilder()))
                .isInstanceOf(MalformedPayload.class);
    }

    private static Publication read(String payload) throws MalformedPayload {
        return Publications.read(bytes(payload), WireFormat.JSON);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
