package io.parley.standalone.libraries;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;

/**
 * A user with a client on a library, and the network between it and the platform.
 *
 * @param conversations what the user is in: the group and the conversations with two others
 */
record Participant(
        Library library,
        UserId user,
        List<ConversationId> conversations,
        Seat seat,
        WatchedLink link,
        LibraryClient client) {

    Participant {
        conversations = List.copyOf(conversations);
    }
}
