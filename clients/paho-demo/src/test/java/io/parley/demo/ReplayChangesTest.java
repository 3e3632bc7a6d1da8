package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.parley.audit.Entry;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.DeletedMessage;
import io.parley.protocol.wire.ReactionCount;
import org.junit.jupiter.api.Test;

class ReplayChangesTest {
    private static final int PLAIN_LINE = 10;
    private static final int DELETABLE_LINE = 13;
    private static final int EDITABLE_LINE = 15;

    private final ReplayChanges changes = new ReplayChanges("run");

    @Test
    void an_untouched_line_is_in_history_what_was_received() {
        ChatEvent said = line(PLAIN_LINE, "hello");
        assertThat(changes.stored(said)).isEqualTo(received(said));
        assertThat(changes.stored(said.toBuilder().setWasEdited(true).build())).isNotEqualTo(received(said));
    }

    @Test
    void a_deleted_line_is_a_tombstone_for_history_and_for_who_comes_later() {
        ChatEvent said = line(DELETABLE_LINE, "oops");
        Entry live = received(said);
        assertThat(changes.stored(said)).isEqualTo(live);

        changes.delete(said.getSeq());
        ChatEvent tombstone = said.toBuilder()
                .clearId()
                .setDeletedMessage(DeletedMessage.getDefaultInstance())
                .build();
        assertThat(received(tombstone))
                .usingRecursiveComparison()
                .ignoringFields("body")
                .isEqualTo(live);
        assertThat(changes.stored(tombstone).whole()).isEqualTo(live.whole());
        assertThat(changes.stored(said).whole()).as("its text is still there").isNotEqualTo(live.whole());
    }

    @Test
    void a_tombstone_of_what_nobody_deleted_is_something_else() {
        ChatEvent said = line(DELETABLE_LINE, "oops");
        Entry live = received(said);
        ChatEvent tombstone = said.toBuilder()
                .clearId()
                .setDeletedMessage(DeletedMessage.getDefaultInstance())
                .build();
        assertThat(received(tombstone).whole()).isNotEqualTo(live.whole());
        assertThat(changes.stored(tombstone).whole()).isNotEqualTo(live.whole());
    }

    @Test
    void an_edited_line_has_its_last_text_in_history() {
        ChatEvent said = line(EDITABLE_LINE, "helo");
        Entry live = received(said);
        changes.edit(said.getSeq(), "hello");
        ChatEvent edited = said.toBuilder().setText("hello").setWasEdited(true).build();
        assertThat(changes.stored(edited).whole()).isEqualTo(live.whole());
        assertThat(changes.stored(said).whole()).isNotEqualTo(live.whole());
        assertThat(changes.stored(edited.toBuilder().setText("help").build()).whole())
                .isNotEqualTo(live.whole());
    }

    @Test
    void each_reaction_counts_once_in_history() {
        ChatEvent said = line(PLAIN_LINE, "hello");
        Entry live = received(said);
        changes.react(said.getSeq(), "👍");
        changes.react(said.getSeq(), "👍");
        assertThat(changes.stored(reacted(said, 2)).whole()).isEqualTo(live.whole());
        assertThat(changes.stored(reacted(said, 1)).whole()).isNotEqualTo(live.whole());
        assertThat(changes.stored(said).whole()).isNotEqualTo(live.whole());
        assertThat(changes.made()).isEqualTo(2);
    }

    private Entry received(ChatEvent event) {
        return changes.received(event, WireFormat.JSON.encode(event));
    }

    private ChatEvent line(int number, String text) {
        return ChatEvent.newBuilder()
                .setSeq(number + 2)
                .setId(changes.messageId(number))
                .setFrom("ann")
                .setAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .setText(text)
                .build();
    }

    private static ChatEvent reacted(ChatEvent event, int count) {
        return event.toBuilder()
                .addReactions(ReactionCount.newBuilder()
                        .setEmoji("👍")
                        .setCount(count)
                        .setMine(true))
                .build();
    }
}
