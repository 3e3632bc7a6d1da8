package io.parley.storage;

import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Keeping;

/**
 * An event as the log has it.
 *
 * @param event what happened
 * @param keeping how long it is to be kept; unset: for ever
 */
public record LoggedEvent(SequencedEvent event, Keeping keeping) {}
