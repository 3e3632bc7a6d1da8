package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Reacted;
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
    void unread_is_what_lies_behind_the_read_pointer_wherever_it_was_moved() {
        say("bob", "one");
        say("bob", "two");
        assertThat(room.unread()).isEqualTo(3);
        room.take(List.of(receipt("alice", 3, 2)));
        assertThat(room.unread()).isEqualTo(1);
        room.take(ConversationSummary.newBuilder().setHead(2).setRead(1).build());
        assertThat(room.unread()).isEqualTo(1);
        room.shown(3);
        assertThat(room.toRead()).isEqualTo(3);
        room.told(3);
        assertThat(room.toRead()).isZero();
        assertThat(room.unread()).isZero();
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

    private String take(ChatEvent event) {
        room.take(event);
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
