package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;

/** Whom a {@link Person} tells at once what came, besides remembering it. On the MQTT client's thread, one call at a time. */
interface Ear {
    /** One that hears nothing. */
    static Ear silent() {
        return new Ear() {};
    }

    /** An entry of a conversation's sequence. */
    default void event(ConversationId conversation, ChatEvent event) {}

    /** Whose pointers moved, and where to. */
    default void receipts(ConversationId conversation, Receipts receipts) {}

    /** Who came or went. */
    default void presences(ConversationId conversation, Presences presences) {}

    /** Somebody else types, or stopped. */
    default void typing(ConversationId conversation, Typing typing) {}

    /** A reply that nobody asked for. */
    default void news(Reply news) {}

    /** The connection has ended, and not at our wish. */
    default void lost(String reason) {}

    /** The connection has ended because another one of the same device has taken its place. */
    default void replaced() {}
}
