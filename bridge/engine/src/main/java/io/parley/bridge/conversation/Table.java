package io.parley.bridge.conversation;

import io.parley.bridge.state.Head;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;

/**
 * A feature's rows of one conversation, and the only code that changes them. Every change and every event goes to every table, in no promised order; each does its
 * part, so a feature that needs to know of something new implements one method here.
 */
public interface Table {
    /** Carries out a change; false: it concerns none of these rows. */
    default boolean apply(Change change) {
        return false;
    }

    /**
     * Carries out what an event does.
     *
     * @param head as it will be with the event
     */
    default void happened(ChatEvent event, Head.Builder head) {}

    /** The user is no member any more. What is kept is for the case that the user comes back, or still owed to the user's devices. */
    default void parted(String user) {}

    /**
     * The user is erased; {@link #parted} was called before.
     *
     * @param head as it will be
     */
    default void erased(UserId user, Head.Builder head) {}

    /** A group has lost its last member: nobody can come into it any more. */
    default void abandoned() {}
}
