package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReactionCount;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was accepted can be delivered to every client that takes 256 KiB. */
class DeliveredSizeTest {
    /** As many characters of six bytes in JSON as a text may have: its limit without {@code {"text":""}}. */
    private static final int ESCAPED = (DeliveredSize.BODY_BYTES - 11) / 6;

    private static final String USER = "u".repeat(64);
    /** Of the longest topics, with the header of the packet. */
    private static final int PACKET_OVERHEAD =
            5 + 2 + ("user/" + USER + "/" + USER + "~" + USER + "/reply").length() + 8;
    /** As the history reader shows at most: the 64 most frequent emojis and the asking member's 16. */
    private static final int REACTIONS = 80;

    @Test
    void what_is_short_in_the_payload_and_long_in_json_is_refused() {
        assertTooLarge("\0".repeat(50_000));
        assertTooLarge("\u001b[0m".repeat(30_000));
        assertTooLarge("\"".repeat(131_072));
        assertTooLarge("<".repeat(131_072));
    }

    @Test
    void an_ordinary_text_of_128_kib_is_accepted() throws MalformedPayload {
        for (String text :
                new String[] {"x".repeat(131_072), "é".repeat(65_536), "😀".repeat(32_768), "line\n".repeat(26_214)}) {
            assertThat(plain(text).getText()).isEqualTo(text);
            assertFits(plain(text));
        }
    }

    @Test
    void the_sender_is_told_that_it_was_the_size() {
        assertThatThrownBy(() -> plain("\0".repeat(50_000)))
                .isInstanceOfSatisfying(
                        MalformedPayload.class, e -> assertThat(e.isTooLarge()).isTrue())
                .hasMessageContaining("176 KiB as JSON");
        assertThatThrownBy(() -> plain("x".repeat(131_073)))
                .isInstanceOfSatisfying(
                        MalformedPayload.class, e -> assertThat(e.isTooLarge()).isTrue());
        assertThatThrownBy(() -> Publications.read("{}".getBytes(StandardCharsets.UTF_8), WireFormat.JSON, List.of()))
                .isInstanceOfSatisfying(
                        MalformedPayload.class, e -> assertThat(e.isTooLarge()).isFalse());
    }

    @ParameterizedTest
    @EnumSource(WireFormat.class)
    void the_limit_is_the_same_in_both_encodings(WireFormat format) throws MalformedPayload {
        Publication most =
                Publication.newBuilder().setText("\0".repeat(ESCAPED)).build();
        Publication more =
                Publication.newBuilder().setText("\0".repeat(ESCAPED + 1)).build();

        assertFits(Publications.read(format.encode(most), format, List.of()));
        assertThatThrownBy(() -> Publications.read(format.encode(more), format, List.of()))
                .isInstanceOf(MalformedPayload.class);
    }

    @Test
    void an_edit_has_the_limit_of_a_text() throws MalformedPayload {
        Publication.Builder edit = Publication.newBuilder()
                .setEdit(Edit.newBuilder().setSeq(Integer.MAX_VALUE).setText("\0".repeat(ESCAPED)));
        Publication read = Publications.read(WireFormat.PROTO.encode(edit.build()), WireFormat.PROTO, List.of());
        ChatEvent event = event().setEdited(Edited.newBuilder()
                        .setSeq(Integer.MAX_VALUE)
                        .setText(read.getEdit().getText()))
                .build();
        assertThat(WireFormat.JSON.encode(event)).hasSizeLessThan(DeliveredSize.PACKET_BYTES - PACKET_OVERHEAD);

        edit.getEditBuilder().setText("\0".repeat(ESCAPED + 1));
        assertThatThrownBy(() -> Publications.read(WireFormat.PROTO.encode(edit.build()), WireFormat.PROTO, List.of()))
                .isInstanceOf(MalformedPayload.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16})
    void the_most_of_everything_fits(int attachments) throws MalformedPayload {
        Publication.Builder publication =
                Publication.newBuilder().setId("m".repeat(36)).setReplyTo(Integer.MAX_VALUE);
        for (int i = 0; i < attachments; i++) {
            publication.addAttachments(Attachment.newBuilder()
                    .setId("\0".repeat(255))
                    .setName("\0".repeat(170))
                    .setContentType("\0".repeat(127))
                    .setSize(-1));
        }
        for (int i = 0; i < (attachments == 0 ? 50 : 0); i++) {
            publication.addMentions(USER);
        }
        assertFits(read(publication.setText("\0".repeat(ESCAPED))));
        assertFits(read(publication.setData(ByteString.copyFrom(new byte[128 * 1024]))));
    }

    @Test
    void attachments_have_a_limit_together() {
        Publication.Builder publication = Publication.newBuilder();
        for (int i = 0; i < 16; i++) {
            publication.addAttachments(Attachment.newBuilder()
                    .setId("\0".repeat(255))
                    .setName("\0".repeat(255))
                    .setContentType("\0".repeat(255)));
        }

        assertThatThrownBy(() -> read(publication)).hasMessageContaining("56 KiB");
    }

    private static void assertTooLarge(String text) {
        assertThatThrownBy(() -> plain(text)).isInstanceOf(MalformedPayload.class);
    }

    private static Publication plain(String text) throws MalformedPayload {
        return Publications.read(text.getBytes(StandardCharsets.UTF_8), WireFormat.JSON, List.of());
    }

    private static Publication read(Publication.Builder publication) throws MalformedPayload {
        return Publications.read(WireFormat.PROTO.encode(publication.build()), WireFormat.PROTO, List.of());
    }

    private static ChatEvent.Builder event() {
        return ChatEvent.newBuilder()
                .setSeq(-1)
                .setId("m".repeat(36))
                .setFrom(USER)
                .setAt(Timestamp.newBuilder().setSeconds(1_800_000_000L).setNanos(999_999_999));
    }

    /** As a delivery, and alone in a page of history with all that is shown there. */
    private static void assertFits(Publication publication) {
        ChatEvent.Builder event = event().setContentType(publication.getContentType())
                .addAllAttachments(publication.getAttachmentsList())
                .addAllMentions(publication.getMentionsList())
                .setReplyTo(publication.getReplyTo());
        if (publication.hasText()) {
            event.setText(publication.getText());
        } else {
            event.setData(publication.getData());
        }
        assertThat(WireFormat.JSON.encode(event.build())).hasSizeLessThan(DeliveredSize.PACKET_BYTES - PACKET_OVERHEAD);
        event.setWasEdited(true);
        for (int i = 0; i < REACTIONS; i++) {
            event.addReactions(ReactionCount.newBuilder()
                    .setEmoji("👍".repeat(16))
                    .setCount(1_024)
                    .setMine(true));
        }
        Reply reply = Reply.newBuilder()
                .setRequestId("\0".repeat(64))
                .setHistory(HistoryPage.newBuilder().addMessages(event).setHead(-1))
                .build();
        assertThat(WireFormat.JSON.encode(reply)).hasSizeLessThan(DeliveredSize.PACKET_BYTES - PACKET_OVERHEAD);
    }
}
