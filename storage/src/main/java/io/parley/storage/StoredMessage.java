package io.parley.storage;

import io.parley.protocol.SequencedEvent;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ReactionCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the messages table.
 *
 * @param event as it was delivered, or what stays of it after a deletion
 * @param edited its last text, if that is another than the first
 * @param secondsLeft how long it was still kept when it was read; 0: until it is deleted
 */
record StoredMessage(SequencedEvent event, @Nullable String edited, int secondsLeft) {
    /** About how large it is, in bytes. */
    int bytes() {
        return event.payload(WireFormat.PROTO).length + (edited == null ? 0 : edited.length());
    }

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
