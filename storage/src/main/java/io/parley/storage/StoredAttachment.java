package io.parley.storage;

import io.parley.protocol.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attachment, or the upload that becomes one.
 *
 * @param id made by the server, not to be guessed
 * @param state how far it is
 * @param uploader who uploads it
 * @param contentType as told; once it is {@link State#READY}, as checked
 * @param name of the file; may be empty
 * @param size in bytes; -1 while it is not known
 * @param sha256 in hex; empty while it is not known
 * @param strip whether a picture's metadata is to be removed
 * @param created when the upload began, and once it is {@link State#READY}, when it ended
 * @param named when a message that names it was last let through; null: never
 */
public record StoredAttachment(
        String id,
        State state,
        UserId uploader,
        String contentType,
        String name,
        long size,
        String sha256,
        boolean strip,
        Instant created,
        @Nullable Instant named) {
    /** The states, in their order. */
    public enum State {
        /** Its bytes are still coming. */
        UPLOADING,
        /** All of it is in the store. */
        READY,
        /** It is being deleted, and counts as gone. */
        GOING
    }
}
