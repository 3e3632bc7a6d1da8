package io.parley.bridge.conversation;

import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;

/** What can happen to a conversation's state. Replaying the changes in order gives the same state. */
public sealed interface Change {
    /** The next event of the sequence. */
    record Sequenced(ChatEvent event) implements Change {}

    /** A message id of that sender is taken without an event: what it asked for was so already. */
    record IdTaken(UserId sender, String messageId, long atSeconds) implements Change {}

    /** A node got its first device here, or one more. */
    record RouteOpened(Route route) implements Change {}

    /** A node has no device here any more. */
    record RouteClosed(int slot) implements Change {}

    /** A device stands at a seq; `acknowledged` tells whether it received what lies before, or skipped it. */
    record CursorMoved(UserId user, String device, int seq, boolean acknowledged) implements Change {}
}
