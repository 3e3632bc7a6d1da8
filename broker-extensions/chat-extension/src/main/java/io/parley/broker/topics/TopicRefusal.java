package io.parley.broker.topics;

/**
 * Why something beside the chat is not taken.
 *
 * @param reason one line that may be shown to the client
 */
public record TopicRefusal(Kind kind, String reason) {
    /** What was wrong, and so which code the client gets. */
    public enum Kind {
        NOT_ALLOWED,
        TOO_LARGE,
        FULL
    }
}
