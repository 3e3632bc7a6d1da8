package io.parley.plugin;

import java.time.Instant;
import java.util.Optional;

/**
 * An entry of a conversation's sequence.
 *
 * @param conversation the conversation's id
 * @param seq its number in the conversation: 1, 2, 3 … without a gap
 * @param id the message's id; empty for what is no message
 * @param from the user who caused it
 * @param at when
 * @param text of a message; empty for what has none
 * @param json the whole event, as devices receive it
 */
public record Event(
        String conversation, int seq, String id, String from, Instant at, Optional<String> text, String json) {}
