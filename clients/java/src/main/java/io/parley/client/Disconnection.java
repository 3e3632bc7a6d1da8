package io.parley.client;

/**
 * The end of a connection, or a try that has failed.
 *
 * @param kind what comes of it
 * @param reason in words
 * @param againMillis in how many milliseconds the client tries again; 0 where it does not
 */
public record Disconnection(Kind kind, String reason, long againMillis) {
    /** What comes of it. */
    public enum Kind {
        /** The client connects again by itself. */
        LOST,
        /** Another connection of the same device has taken its place. The client has ended: two that both came back would cut each other off for ever. */
        REPLACED,
        /** The platform refuses this device or its token for good. The client has ended. */
        REFUSED
    }

    /** Whether the client has ended. */
    public boolean isFinal() {
        return kind != Kind.LOST;
    }
}
