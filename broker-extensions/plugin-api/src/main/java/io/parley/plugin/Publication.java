package io.parley.plugin;

import java.util.Map;
import java.util.Optional;

/**
 * What a user publishes to a conversation.
 *
 * @param conversation the conversation's id
 * @param user who publishes
 * @param device the device's name, without its user
 * @param id the message's id, 1-36 of [A-Za-z0-9_-]
 * @param kind what it is
 * @param text of a message or an edit; empty for what has none
 * @param contentType of a message with binary data; empty if none was said
 * @param properties what the application says beside the message, in its order
 */
public record Publication(
        String conversation,
        String user,
        String device,
        String id,
        Kind kind,
        Optional<String> text,
        String contentType,
        Map<String, String> properties) {

    /** What is published. */
    public enum Kind {
        MESSAGE,
        EDIT,
        DELETION,
        REACTION
    }
}
