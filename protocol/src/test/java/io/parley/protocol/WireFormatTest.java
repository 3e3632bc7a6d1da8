package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {
    private static final ChatEvent MESSAGE = ChatEvent.newBuilder()
            .setSeq(41)
            .setText("\"wasEdited\":true and \"edited\":true")
            .setWasEdited(true)
            .build();
    private static final ChatEvent EVENT = ChatEvent.newBuilder()
            .setSeq(43)
            .setEdited(Edited.newBuilder().setSeq(41).setText("hello"))
            .build();

    @Test
    void edited_is_a_mark_on_a_message_and_an_event_of_its_own() {
        assertThat(json(MESSAGE))
                .isEqualTo("{\"seq\":41,\"text\":\"\\\"wasEdited\\\":true and \\\"edited\\\":true\",\"edited\":true}");
        assertThat(json(EVENT)).isEqualTo("{\"seq\":43,\"edited\":{\"seq\":41,\"text\":\"hello\"}}");
    }

    @Test
    void both_are_read_back_in_every_encoding() throws Exception {
        Reply reply = Reply.newBuilder()
                .setHistory(HistoryPage.newBuilder().addMessages(MESSAGE).addMessages(EVENT))
                .build();
        for (WireFormat format : WireFormat.values()) {
            Reply.Builder read = Reply.newBuilder();
            format.decode(format.encode(reply), read);

            assertThat(read.build()).isEqualTo(reply);
        }
    }

    @Test
    void the_mark_is_read_with_blanks_around_it() throws Exception {
        ChatEvent.Builder read = ChatEvent.newBuilder();
        WireFormat.JSON.decode("{ \"edited\" : true }".getBytes(StandardCharsets.UTF_8), read);

        assertThat(read.getWasEdited()).isTrue();
    }

    @Test
    void a_list_is_the_same_from_its_elements_bytes() {
        Receipts two = Receipts.newBuilder()
                .addReceipts(Receipt.newBuilder().setUser("ann").setDelivered(300))
                .addReceipts(Receipt.newBuilder().setUser("ben").setDelivered(4).setRead(2))
                .build();
        for (WireFormat format : WireFormat.values()) {
            List<byte[]> elements =
                    two.getReceiptsList().stream().map(format::encode).toList();

            assertThat(format.encode(Receipts.getDescriptor().findFieldByName("receipts"), elements))
                    .isEqualTo(format.encode(two));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"x\",\"replyTo\":1e300000000}",
                "{\"text\":\"x\",\"replyTo\":\"1e300000000\"}",
                "{\"react\":{\"seq\":1e-300000000,\"emoji\":\"x\"}}",
                "{\"text\":\"x\",\"replyTo\":0.000000000000000000000000000000000000000000000000000000001}",
                "{\"text\":\"\\ud800\"}",
                "{\"text\":\"x\",\"contentType\":\"a\\udc00\"}"
            })
    void a_number_that_would_be_written_out_and_half_a_character_are_malformed(String json) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatThrownBy(() ->
                                WireFormat.JSON.decode(json.getBytes(StandardCharsets.UTF_8), Publication.newBuilder()))
                        .isInstanceOf(MalformedPayload.class));
    }

    @Test
    void numbers_may_be_strings_or_have_exponents_and_characters_may_be_pairs() throws Exception {
        Publication.Builder read = Publication.newBuilder();
        WireFormat.JSON.decode(
                "{\"text\":\"\\ud83d\\ude42\",\"replyTo\":\"4.1e1\"}".getBytes(StandardCharsets.UTF_8), read);

        assertThat(read.getText()).isEqualTo("🙂");
        assertThat(read.getReplyTo()).isEqualTo(41);
    }

    private static String json(ChatEvent event) {
        return new String(WireFormat.JSON.encode(event), StandardCharsets.UTF_8);
    }
}
