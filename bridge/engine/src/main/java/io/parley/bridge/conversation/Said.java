package io.parley.bridge.conversation;

import io.parley.protocol.UserId;

/**
 * What a conversation remembers of a message.
 *
 * @param sender whose it is
 * @param atSeconds when, epoch seconds
 * @param kind what it carries
 */
public record Said(UserId sender, long atSeconds, Kind kind) {
    /** What messages carry. */
    public enum Kind {
        TEXT,
        DATA,
        /** No body, only attachments. */
        ATTACHMENTS
    }
}
