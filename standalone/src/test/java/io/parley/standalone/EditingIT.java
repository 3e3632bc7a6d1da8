package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.ReactionCount;
import io.parley.protocol.wire.Request;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was said is changed; as devices see it live, when they catch up, and in history. */
@WithPlatform
class EditingIT extends ConversationChecks {
    private static final String THUMB = "👍";
    private static final UserId BOB = UserId.parse("editing-bob");

    EditingIT(Platform platform) {
        super(platform);
    }

    @Test
    void an_edit_is_an_event_and_the_text_that_history_shows() throws Exception {
        UserId amy = UserId.parse("editing-amy");
        ConversationId conversation = ConversationId.direct(amy, BOB);
        try (HiveDevice atAmy = device(amy, "phone", conversation);
                HiveDevice atBob = device(BOB, "with-amy", conversation)) {
            atAmy.send(conversation, "m1", "helo");
            atAmy.send(conversation, edit("e1", 1, "hello"));
            awaitEvents(atBob, 2);
            ChatEvent event = atBob.events().get(1);
            assertThat(event.getSeq()).isEqualTo(2);
            assertThat(event.getId()).isEqualTo("e1");
            assertThat(event.getEdited().getSeq()).isEqualTo(1);
            assertThat(event.getEdited().getText()).isEqualTo("hello");

            awaitHead(BOB, conversation, 2);
            ChatEvent message = history(BOB).all(conversation).get(0);
            assertThat(message.getText()).isEqualTo("hello");
            assertThat(message.getWasEdited()).isTrue();
            assertThat(message.getId()).isEqualTo("m1");
            assertThat(page(atBob, conversation)).isEqualTo(history(BOB).all(conversation));
            assertThat(rawPage(BOB, conversation))
                    .contains("\"text\":\"hello\",\"edited\":true")
                    .contains("\"edited\":{\"seq\":1,\"text\":\"hello\"}");
        }
    }

    @Test
    void a_deleted_message_is_gone_from_history_and_from_what_a_device_catches_up_with() throws Exception {
        UserId ann = UserId.parse("editing-ann");
        ConversationId conversation = ConversationId.direct(ann, BOB);
        try (HiveDevice atAnn = HiveDevice.connect(platform(), ann + "/phone")) {
            try (HiveDevice tablet = device(BOB, "tablet", conversation)) {
                atAnn.send(conversation, "m1", "hi");
                atAnn.send(conversation, "m2", "listen");
                // With the second the first is acknowledged: the tablet has a place of its own from here on.
                awaitEvents(tablet, 2);
            }
            try (HiveDevice phone = device(BOB, "phone", conversation)) {
                atAnn.send(conversation, "m3", "secret");
                atAnn.send(conversation, edit("e3", 3, "secret too"));
                awaitLast(phone, 4);
            }
            // The node's last device here has gone: what it remembers misses the deletion.
            atAnn.send(conversation, delete("d3", 3));
            awaitHead(BOB, conversation, 5);
        }
        List<ChatEvent> stored = history(BOB).all(conversation);
        ChatEvent tombstone = stored.get(2);
        assertThat(tombstone.hasDeletedMessage()).isTrue();
        assertThat(tombstone.getFrom()).isEqualTo(ann.value());
        assertThat(tombstone.getAt()).isNotEqualTo(stored.get(4).getAt());
        assertThat(rawPage(BOB, conversation)).doesNotContain("secret").contains("\"deletedMessage\":{}");
        try (HiveDevice tablet = device(BOB, "tablet", conversation)) {
            awaitLast(tablet, 5);
            assertThat(tablet.events()).endsWith(stored.get(2), stored.get(3), stored.get(4));
        }
    }

    @Test
    void a_device_that_catches_up_from_the_nodes_memory_gets_no_deleted_text() throws Exception {
        UserId abe = UserId.parse("editing-abe");
        ConversationId conversation = ConversationId.direct(abe, BOB);
        try (HiveDevice atAbe = device(abe, "phone", conversation)) {
            try (HiveDevice tablet = device(BOB, "slate", conversation)) {
                atAbe.send(conversation, "m1", "hi");
                atAbe.send(conversation, "m2", "listen");
                // The first wakes a device. The second comes when it is attached: from here on the node sees every
                // event.
                awaitEvents(atAbe, 2);
                awaitEvents(tablet, 2);
            }
            atAbe.send(conversation, "m3", "secret");
            atAbe.send(conversation, delete("d3", 3));
            awaitEvents(atAbe, 4);
            assertThat(atAbe.events().get(3).getDeleted().getSeq()).isEqualTo(3);
            try (HiveDevice tablet = device(BOB, "slate", conversation)) {
                awaitLast(tablet, 4);
                List<ChatEvent> last = tablet.events()
                        .subList(tablet.events().size() - 2, tablet.events().size());
                assertThat(last.get(0).getSeq()).isEqualTo(3);
                assertThat(last.get(0).hasDeletedMessage()).isTrue();
                assertThat(last.get(0).getText()).isEmpty();
                assertThat(last.get(1)).isEqualTo(atAbe.events().get(3));
            }
        }
    }

    @Test
    void reactions_are_events_once_and_counted() throws Exception {
        UserId cat = UserId.parse("editing-cat");
        ConversationId conversation = ConversationId.direct(cat, BOB);
        try (HiveDevice atCat = device(cat, "phone", conversation);
                HiveDevice atBob = device(BOB, "with-cat", conversation)) {
            atCat.send(conversation, "m1", "hi");
            atCat.send(conversation, react("r1", THUMB, false));
            atCat.send(conversation, react("r2", THUMB, false));
            atCat.send(conversation, react("r1", THUMB, false));
            atBob.send(conversation, react("r1", THUMB, false));
            atBob.send(conversation, react("r2", "❤️", false));
            atBob.send(conversation, react("r3", "❤️", true));
            atBob.send(conversation, react("r2", "❤️", false));
            atBob.send(conversation, "m2", "end");
            awaitEvents(atBob, 6);
            assertThat(atBob.events().subList(1, 5))
                    .extracting(event -> event.getFrom()
                            + event.getReacted().getEmoji()
                            + event.getReacted().getRemove())
                    .containsExactly(cat + THUMB + false, BOB + THUMB + false, BOB + "❤️false", BOB + "❤️true");

            awaitHead(cat, conversation, 6);
            ReactionCount both = ReactionCount.newBuilder()
                    .setEmoji(THUMB)
                    .setCount(2)
                    .setMine(true)
                    .build();
            assertThat(history(cat).all(conversation).get(0).getReactionsList()).containsExactly(both);
            assertThat(page(atBob, conversation).get(0).getReactionsList()).containsExactly(both);
            atCat.send(conversation, react("r4", THUMB, true));
            awaitHead(cat, conversation, 7);
            assertThat(history(cat).all(conversation).get(0).getReactionsList())
                    .containsExactly(both.toBuilder().setCount(1).setMine(false).build());
        }
    }

    @Test
    void what_is_refused_after_the_puback_is_told_with_its_id() throws Exception {
        UserId dan = UserId.parse("editing-dan");
        ConversationId conversation = ConversationId.direct(dan, BOB);
        try (HiveDevice atDan = device(dan, "phone", conversation);
                HiveDevice atBob = device(BOB, "with-dan", conversation)) {
            atDan.send(conversation, "m1", "mine");
            awaitEvents(atBob, 1);

            Error foreign = atBob.refused(conversation, edit("e1", 1, "not yours"));
            assertThat(foreign.getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(foreign.getConversation()).isEqualTo(conversation.value());
            assertThat(atBob.refused(conversation, delete("d1", 1)).getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(atDan.refused(conversation, edit("e2", 9, "nothing")).getCode())
                    .isEqualTo(ErrorCode.NOT_FOUND);
            Publication early = Publication.newBuilder()
                    .setId("m9")
                    .setText("to what?")
                    .setReplyTo(9)
                    .build();
            assertThat(atDan.refused(conversation, early).getCode()).isEqualTo(ErrorCode.NOT_FOUND);

            atDan.send(conversation, "m2", "end");
            awaitEvents(atBob, 2);
            assertThat(atBob.events().get(1).getText()).isEqualTo("end");
        }
    }

    private static void awaitLast(HiveDevice device, int seq) {
        await().atMost(LIMIT).until(() -> {
            List<ChatEvent> events = device.events();
            return !events.isEmpty() && events.get(events.size() - 1).getSeq() == seq;
        });
    }

    private static List<ChatEvent> page(HiveDevice device, ConversationId conversation) throws Exception {
        HistoryRequest history = HistoryRequest.newBuilder()
                .setConversation(conversation.value())
                .build();
        return device.ask(named(Request.newBuilder().setHistory(history)))
                .getHistory()
                .getMessagesList();
    }

    /** The page as it is on the wire. */
    private String rawPage(UserId user, ConversationId conversation) throws Exception {
        URI uri = URI.create("http://" + Addresses.HOST + ":"
                + platform().addresses().http() + "/v1/conversations/" + conversation + "/messages");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + platform().token(user, Duration.ofMinutes(10)))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Publication edit(String id, int seq, String text) {
        return Publication.newBuilder()
                .setId(id)
                .setEdit(Edit.newBuilder().setSeq(seq).setText(text))
                .build();
    }

    private static Publication delete(String id, int seq) {
        return Publication.newBuilder()
                .setId(id)
                .setDelete(Delete.newBuilder().setSeq(seq))
                .build();
    }

    /** To the first message. */
    private static Publication react(String id, String emoji, boolean remove) {
        return Publication.newBuilder()
                .setId(id)
                .setReact(React.newBuilder().setSeq(1).setEmoji(emoji).setRemove(remove))
                .build();
    }
}
