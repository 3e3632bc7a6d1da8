package io.parley.bridge.conversation;

import io.parley.protocol.log.ConversationCommand;

/** Decides what follows from one kind of command. Pure: the same state, command and time give the same decision. */
@FunctionalInterface
public interface Handling {
    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    Decision decide(ConversationState state, ConversationCommand command, long nowMillis);
}
