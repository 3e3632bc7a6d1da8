package io.parley.client;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.util.concurrent.CompletableFuture;

/** What an application does with what comes. All of it is called by the client's own thread, one call at a time: it must not wait. */
public interface ChatHandler {
    /**
     * An event of a conversation, in the order of its seqs. The platform is told that the device has it when the returned future is done, so let that be when it is stored. The next event of the
     * same conversation comes after that. If the future fails, the same event comes again after a pause.
     *
     * <p>An event comes once as long as the client lives. When the program ends between storing and acknowledging, it comes again to the next one: see {@link #stored}.
     */
    CompletableFuture<Void> event(ConversationId conversation, ChatEvent event);

    /** Up to which seq the application has stored the conversation: what is at or below comes no more. Asked once, before the first event of the conversation. */
    default int stored(ConversationId conversation) {
        return 0;
    }

    /** Whose pointers moved, and where to. */
    default void receipts(ConversationId conversation, Receipts receipts) {}

    /** Who came or went. */
    default void presences(ConversationId conversation, Presences presences) {}

    /** Somebody else types, or stopped. */
    default void typing(ConversationId conversation, Typing typing) {}

    /** A reply that nobody asked for: added to a group, removed, invited, or an error about something that was published. */
    default void news(Reply news) {}

    /** Something that was said will never be accepted; also what an earlier program said. */
    default void refused(Unsent unsent, ParleyException why) {}

    /**
     * The client is connected, and subscribed.
     *
     * @param resumed everything that was missed comes by itself. Otherwise the session is new, and what came before it is in history only
     */
    default void connected(boolean resumed) {}

    /** There is no connection. */
    default void disconnected(Disconnection disconnection) {}
}
