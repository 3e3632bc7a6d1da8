package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.ReactionCount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was done to the messages of a conversation, and what they look like therefore. A message is changed once at most. Thread-safe. */
final class MadeChanges {
    private static final String EMOJI = "👍";

    private final Map<Integer, String> edited = new HashMap<>();
    private final Map<Integer, String> deleted = new HashMap<>();
    private final Set<Integer> reactedTo = new HashSet<>();

    synchronized Publication edit(ChatEvent message) {
        String text = message.getText() + ", edited";
        edited.put(message.getSeq(), text);
        return Publication.newBuilder()
                .setId("edit-" + message.getSeq())
                .setEdit(Edit.newBuilder().setSeq(message.getSeq()).setText(text))
                .build();
    }

    synchronized Publication delete(ChatEvent message) {
        deleted.put(message.getSeq(), message.getId());
        return Publication.newBuilder()
                .setId("delete-" + message.getSeq())
                .setDelete(Delete.newBuilder().setSeq(message.getSeq()))
                .build();
    }

    synchronized Publication react(ChatEvent message) {
        reactedTo.add(message.getSeq());
        return Publication.newBuilder()
                .setId("react-" + message.getSeq())
                .setReact(React.newBuilder().setSeq(message.getSeq()).setEmoji(EMOJI))
                .build();
    }

    /** An event as it came or is stored: of a changed message only what no change touches is compared. */
    synchronized Entry entry(ChatEvent event) {
        int seq = event.getSeq();
        String id = event.hasDeletedMessage() ? deleted.getOrDefault(seq, "") : event.getId();
        ChatEvent.Builder lasting = event.toBuilder().setId(id).clearReactions();
        boolean changed = edited.containsKey(seq) || deleted.containsKey(seq);
        if (changed) {
            lasting.clearText().clearWasEdited().clearDeletedMessage();
        }
        long body = event.hasText() && !changed ? Fingerprint.of(event.getText()) : 0;
        return new Entry(
                seq, id, event.getFrom(), body, Fingerprint.of(lasting.build().toByteArray()));
    }

    /** Fails unless history shows every change, and no other. */
    synchronized void assertShown(List<ChatEvent> history) {
        assertThat(edited).as("messages to edit").isNotEmpty();
        assertThat(deleted).as("messages to delete").isNotEmpty();
        assertThat(reactedTo).as("messages to react to").isNotEmpty();
        for (ChatEvent event : history) {
            int seq = event.getSeq();
            assertThat(event.hasDeletedMessage()).as("deleted: " + event).isEqualTo(deleted.containsKey(seq));
            assertThat(event.getWasEdited()).as("edited: " + event).isEqualTo(edited.containsKey(seq));
            assertThat(event.getText()).as("text").isEqualTo(edited.getOrDefault(seq, event.getText()));
            assertThat(event.getReactionsList())
                    .extracting(ReactionCount::getEmoji, ReactionCount::getCount)
                    .as("reactions: " + event)
                    .isEqualTo(reactedTo.contains(seq) ? List.of(tuple(EMOJI, 1)) : List.of());
        }
    }
}
