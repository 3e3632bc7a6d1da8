package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.ReactionCount;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Typing;
import io.parley.protocol.wire.UserErased;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatRoomTest {
    private final ChatRoom room = new ChatRoom(ConversationId.parse("g0123456789"), "alice");
    private int seq;

    ChatRoomTest() {
        room.take(event("alice")
                .setGroupCreated(
                        GroupCreated.newBuilder().setName("team").addAllMembers(List.of("alice", "bob", "carol")))
                .build());
    }

    @Test
    void a_message_is_delivered_when_the_last_of_the_others_has_it() {
        say("alice", "one");
        assertThat(room.mark(2)).isEqualTo("✓");
        assertThat(room.take(List.of(receipt("alice", 2, 2), receipt("bob", 2, 0))))
                .isEmpty();
        assertThat(room.mark(2)).isEqualTo("✓");
        assertThat(room.take(List.of(receipt("carol", 2, 0)))).containsExactly("✓✓ delivered (up to \"one\")");
        assertThat(room.mark(2)).isEqualTo("✓✓");
    }

    @Test
    void what_history_has_shown_is_known_to_stand_there() {
        room.shown(3);
        assertThat(room.isShown(3)).isTrue();
        assertThat(room.isShown(4)).isFalse();
    }

    @Test
    void each_reader_is_told_once_and_then_that_all_have_read() {
        say("alice", "one");
        say("bob", "two");
        say("alice", "three");
        assertThat(room.take(List.of(receipt("bob", 4, 3)))).containsExactly("✓✓ read by bob (up to \"one\")");
        assertThat(room.take(List.of(receipt("bob", 4, 3)))).isEmpty();
        assertThat(room.take(List.of(receipt("bob", 4, 4), receipt("carol", 4, 4))))
                .containsExactly("✓✓ read by all (up to \"three\")");
        assertThat(room.mark(4)).isEqualTo("✓✓ read");
        assertThat(room.mark(3)).isEmpty();
    }

    @Test
    void a_pointer_that_is_hidden_again_takes_nothing_back() {
        say("alice", "one");
        room.take(List.of(receipt("bob", 2, 2), receipt("carol", 2, 2)));
        assertThat(room.take(List.of(receipt("bob", 2, 0)))).isEmpty();
        assertThat(room.mark(2)).isEqualTo("✓✓ read");
    }

    @Test
    void unread_are_the_messages_of_others_behind_the_read_pointer() {
        say("bob", "one");
        say("alice", "mine");
        say("carol", "two");
        react("bob", 3);
        take(event("bob")
                .setEdited(Edited.newBuilder().setSeq(2).setText("uno"))
                .build());
        assertThat(room.unread()).isEqualTo(2);

        room.take(List.of(receipt("alice", 6, 2)));
        assertThat(room.unread()).as("another device has read one").isEqualTo(1);
        room.take(List.of(receipt("alice", 6, 1)));
        assertThat(room.unread()).isEqualTo(1);

        room.shown(6);
        assertThat(room.toRead()).isEqualTo(6);
        room.told(6);
        assertThat(room.toRead()).isZero();
        assertThat(room.unread()).isZero();
    }

    @Test
    void unread_begins_with_what_the_server_counted() {
        list(40, 10, 7);
        assertThat(room.unread()).isEqualTo(7);
        seq = 40;
        say("bob", "one more");
        assertThat(room.unread()).isEqualTo(8);

        list(39, 10, 6);
        assertThat(room.unread()).as("an older answer").isEqualTo(8);
        list(41, 10, 8);
        assertThat(room.unread()).isEqualTo(8);

        room.take(List.of(receipt("alice", 41, 40)));
        assertThat(room.unread()).isEqualTo(1);
        list(41, 10, 8);
        assertThat(room.unread()).as("the server's pointer is older").isEqualTo(1);
    }

    @Test
    void a_deleted_message_is_unread_no_more() {
        list(10, 5, 3);
        seq = 10;
        say("bob", "oops");
        delete("bob", 11);
        assertThat(room.unread()).isEqualTo(3);
        delete("bob", 9);
        assertThat(room.unread()).as("one that the server had counted").isEqualTo(2);
        delete("bob", 4);
        delete("alice", 8);
        assertThat(room.unread()).as("one that was read, and one's own").isEqualTo(2);
    }

    @Test
    void nothing_of_an_erased_user_is_quoted() {
        say("bob", "one");
        say("carol", "two");
        room.take(event("parley")
                .setUserErased(UserErased.newBuilder().setUser("bob"))
                .build());
        assertThat(room.find(2).orElseThrow().hasDeletedMessage()).isTrue();
        assertThat(room.find(3).orElseThrow().getText()).isEqualTo("two");
        assertThat(room.others()).containsExactly("carol");
    }

    @Test
    void what_was_edited_is_quoted_as_it_stands_now() {
        say("bob", "one");
        assertThat(take(event("bob")
                        .setEdited(Edited.newBuilder().setSeq(2).setText("uno"))
                        .build()))
                .endsWith("* bob edits #2: uno");
        assertThat(take(event("carol").setText("why?").setReplyTo(2).build()))
                .endsWith("#4 carol: why?  ↳ #2 bob \"uno\"");
    }

    @Test
    void what_was_deleted_is_said_no_more() {
        say("alice", "one");
        say("alice", "two");
        assertThat(take(event("alice")
                        .setDeleted(Deleted.newBuilder().setSeq(3))
                        .build()))
                .endsWith("* alice deletes #3");
        assertThat(room.lastOwn()).isEqualTo(2);
        assertThat(take(event("bob").setText("?").setReplyTo(3).build())).endsWith("↳ #3 alice \"(deleted)\"");
    }

    @Test
    void a_reaction_names_its_message_and_can_be_taken_back() {
        say("bob", "one");
        Reacted reacted = Reacted.newBuilder().setSeq(2).setEmoji("👍").build();
        assertThat(take(event("alice").setReacted(reacted).build())).endsWith("* alice reacts 👍 to #2 bob \"one\"");
        assertThat(room.hasReacted(2, "👍")).isTrue();
        assertThat(take(event("alice")
                        .setReacted(reacted.toBuilder().setRemove(true))
                        .build()))
                .endsWith("* alice takes back 👍 from #2 bob \"one\"");
        assertThat(room.hasReacted(2, "👍")).isFalse();
    }

    @Test
    void history_shows_what_became_of_a_message() {
        ChatEvent said = event("bob")
                .setText("uno")
                .setWasEdited(true)
                .addReactions(
                        ReactionCount.newBuilder().setEmoji("👍").setCount(2).setMine(true))
                .addReactions(ReactionCount.newBuilder().setEmoji("🎉").setCount(1))
                .build();
        room.takeOld(said);
        assertThat(line(said)).endsWith("#2 bob: uno (edited)  👍2 🎉1");
        assertThat(room.hasReacted(2, "👍")).isTrue();
        assertThat(room.hasReacted(2, "🎉")).isFalse();
    }

    @Test
    void a_message_of_attachments_only_names_them() {
        Attachment photo = Attachment.newBuilder()
                .setId("a1")
                .setName("cake.jpg")
                .setContentType("image/jpeg")
                .setSize(2048)
                .build();
        assertThat(take(event("bob").addAttachments(photo).build()))
                .endsWith("#2 bob: (attached: cake.jpg, 2048 bytes of image/jpeg)");
        assertThat(room.unread()).isEqualTo(1);
        delete("bob", 2);
        assertThat(line(room.find(2).orElseThrow())).endsWith("#2 bob: (deleted)");
    }

    @Test
    void an_edit_without_words_is_one_of_a_deleted_message() {
        assertThat(take(event("bob").setEdited(Edited.newBuilder().setSeq(1)).build()))
                .endsWith("* bob edits #1 (deleted)");
    }

    @Test
    void every_kind_of_entry_has_a_line() {
        List<FieldDescriptor> kinds =
                ChatEvent.getDescriptor().getOneofs().get(0).getFields();
        assertThat(kinds).hasSizeGreaterThan(15);
        for (FieldDescriptor kind : kinds) {
            ChatEvent event = event("bob").setField(kind, anything(kind)).build();
            assertThat(line(event)).as(kind.getName()).doesNotContain("does not know");
        }
        assertThat(line(event("bob").build())).endsWith("* bob does something that this client does not know");
    }

    private static Object anything(FieldDescriptor kind) {
        return switch (kind.getJavaType()) {
            case STRING -> "hi";
            case BYTE_STRING -> ByteString.copyFromUtf8("hi");
            default -> ChatEvent.newBuilder().newBuilderForField(kind).build();
        };
    }

    @Test
    void the_status_says_who_is_there_who_types_and_how_far_the_last_message_has_come() {
        say("alice", "one");
        room.takePresences(List.of(
                Presence.newBuilder().setUser("bob").setOnline(true).build(),
                Presence.newBuilder().setUser("carol").build()));
        room.take(Typing.newBuilder().setUser("bob").setTyping(true).build());
        assertThat(ChatScreen.status(room, 4).toString())
                .isEqualTo(" team · online: bob · bob types… · #2 ✓ · 4 unread");
        say("bob", "two");
        assertThat(ChatScreen.status(room, 0).toString()).isEqualTo(" team · online: bob · #2 ✓");
    }

    @Test
    void nobody_moves_the_cursor_of_others() {
        assertThat(take(event("bob").setText("a\u001b[2Jb\u009b2Jc\u202ed\ne").build()))
                .endsWith("#2 bob: a [2Jb 2Jc d e");
        assertThat(ChatScreen.quote("🙂".repeat(30))).isEqualTo("\"" + "🙂".repeat(24) + "…\"");
    }

    private void say(String from, String text) {
        room.take(event(from).setText(text).build());
    }

    private void react(String from, int to) {
        room.take(event(from)
                .setReacted(Reacted.newBuilder().setSeq(to).setEmoji("👍"))
                .build());
    }

    private void delete(String from, int target) {
        room.take(event(from).setDeleted(Deleted.newBuilder().setSeq(target)).build());
    }

    private void list(int head, int read, int unread) {
        room.take(ConversationSummary.newBuilder()
                .setHead(head)
                .setRead(read)
                .setUnread(unread)
                .build());
    }

    private String take(ChatEvent event) {
        room.take(event);
        return line(event);
    }

    private String line(ChatEvent event) {
        return ChatScreen.line(event, room).toString();
    }

    private ChatEvent.Builder event(String from) {
        return ChatEvent.newBuilder().setSeq(++seq).setFrom(from).setAt(Timestamp.getDefaultInstance());
    }

    private static Receipt receipt(String user, int delivered, int read) {
        return Receipt.newBuilder()
                .setUser(user)
                .setDelivered(delivered)
                .setRead(read)
                .build();
    }
}
