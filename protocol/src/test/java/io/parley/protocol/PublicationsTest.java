package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            strings = {
                "{",
                "{hello}",
                "{{name}} is here",
                "{ :-)",
                "  {indented} code",
                "{\"text\":\"hi\"",
                "{text:\"hi\"}",
                "{'text':'hi'}",
                "{\"text\":\"hi\"} and more",
                "{\"text\":5} and more",
                "{\"text\":5, oops}",
                "{}{}",
                "{\"text\":\"hi\"}{\"text\":\"hi\"}"
            })
    void what_only_begins_like_an_object_is_the_text_itself(String payload) throws MalformedPayload {
        assertThat(read(payload))
                .isEqualTo(Publication.newBuilder().setText(payload).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " { } ", "{\"later\":1}"})
    void an_object_without_a_message_is_none(String payload) {
        assertThatThrownBy(() -> read(payload)).isInstanceOf(MalformedPayload.class);
    }

    @Test
    void what_is_no_text_is_no_message() {
        assertThatThrownBy(() -> Publications.read(new byte[] {'{', (byte) 0xff}, WireFormat.JSON, List.of()))
                .isInstanceOf(MalformedPayload.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Publications.read(new byte[] {(byte) 0xff}, WireFormat.JSON, List.of()))
                .isInstanceOf(MalformedPayload.class);
    }

    @Test
    void depth_is_no_danger() throws MalformedPayload {
        int depth = 20_000;
        String open = "{\"a\":".repeat(depth);

        assertThat(read(open).getText()).isEqualTo(open);
        assertThat(read("[".repeat(depth)).getText()).hasSize(depth);
        String nested = "{\"text\":5,\"later\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertThatThrownBy(() -> read(nested)).isInstanceOf(MalformedPayload.class);
    }

    @Test
    void characters_are_code_points() throws MalformedPayload {
        String beyondTheBasicPlane = "😀";
        assertThat(read(contentType(beyondTheBasicPlane.repeat(127))).getContentType())
                .hasSize(254);
        assertThatThrownBy(() -> read(contentType(beyondTheBasicPlane.repeat(128))))
                .hasMessage("contentType has more than 127 characters (Unicode code points): send a shorter one");
        assertThat(read(attachment("id", beyondTheBasicPlane.repeat(255))).getAttachmentsList())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "contentType"})
    void the_texts_of_an_attachment_have_a_limit(String field) throws MalformedPayload {
        assertThat(read(attachment(field, "x".repeat(255))).getAttachmentsList())
                .hasSize(1);
        assertThatThrownBy(() -> read(attachment(field, "x".repeat(256))))
                .isInstanceOf(MalformedPayload.class)
                .hasMessageContaining(field)
                .hasMessageContaining("255");
    }

    @Test
    void attachments_are_named_and_counted() throws MalformedPayload {
        assertThatThrownBy(() -> read("{\"attachments\":[{\"name\":\"a\"}]}"))
                .hasMessageContaining("id of an attachment");
        String one = "{\"id\":\"a\"}";
        assertThat(read("{\"attachments\":[" + (one + ",").repeat(15) + one + "]}")
                        .getAttachmentsList())
                .hasSize(16);
        assertThatThrownBy(() -> read("{\"attachments\":[" + (one + ",").repeat(16) + one + "]}"))
                .hasMessageContaining("16 attachments");
    }

    private static String contentType(String type) {
        return "{\"text\":\"hi\",\"contentType\":\"" + type + "\"}";
    }

    private static String attachment(String field, String value) {
        String id = field.equals("id") ? "" : "\"id\":\"a\",";
        return "{\"attachments\":[{" + id + "\"" + field + "\":\"" + value + "\"}]}";
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
        return Publications.read(bytes(payload), WireFormat.JSON, List.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
