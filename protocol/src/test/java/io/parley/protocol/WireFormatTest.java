package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    private static String json(ChatEvent event) {
        return new String(WireFormat.JSON.encode(event), StandardCharsets.UTF_8);
    }
}
