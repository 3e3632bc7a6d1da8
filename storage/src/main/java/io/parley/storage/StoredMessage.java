package io.parley.storage;

import io.parley.delivery.SequencedEvent;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ReactionCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the messages table.
 *
 * @param event as it was delivered, or what stays of it after a deletion
 * @param edited its last text, if that is another than the first
 */
record StoredMessage(SequencedEvent event, @Nullable String edited) {
    /** As a page shows it. */
    ChatEvent shown(List<ReactionCount> reactions) {
        ChatEvent stored = event.decoded();
        if (stored.hasDeletedMessage() || (edited == null && reactions.isEmpty())) {
            return stored;
        }
        ChatEvent.Builder shown = stored.toBuilder().addAllReactions(reactions);
        if (edited != null) {
            shown.setText(edited).setWasEdited(true);
        }
        return shown.build();
    }
}
