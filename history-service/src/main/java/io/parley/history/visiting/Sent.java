package io.parley.history.visiting;

import io.parley.protocol.ConversationId;

/**
 * A message that the log has, or a receipt or typing that the node has.
 *
 * @param id the message's id, empty if it is none
 * @param conversation where it was sent
 * @param known whether the same message came before
 */
public record Sent(String id, ConversationId conversation, boolean known) {}
