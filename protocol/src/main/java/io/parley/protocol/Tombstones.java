package io.parley.protocol;

import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.DeletedMessage;

/** What stays of an event when the message is deleted that it carries: its place, whose it was and when. */
public final class Tombstones {
    private Tombstones() {}

    /** Whether somebody says something with it. */
    public static boolean isMessage(ChatEvent event) {
        return event.hasText() || event.hasData() || event.getAttachmentsCount() > 0;
    }

    /** Whether a tombstone of it is less than it is: for messages, and edits with a text. */
    public static boolean shortens(ChatEvent event) {
        return isMessage(event)
                || (event.hasEdited() && !event.getEdited().getText().isEmpty());
    }

    /** In the place of a message, that there was one; in the place of an edit, the edit without its text. A tombstone stays what it is. */
    public static ChatEvent of(ChatEvent event) {
        if (event.hasEdited()) {
            return event.toBuilder()
                    .setEdited(event.getEdited().toBuilder().clearText())
                    .clearProperties()
                    .build();
        }
        return ChatEvent.newBuilder()
                .setSeq(event.getSeq())
                .setFrom(event.getFrom())
                .setAt(event.getAt())
                .setDeletedMessage(DeletedMessage.getDefaultInstance())
                .build();
    }
}
