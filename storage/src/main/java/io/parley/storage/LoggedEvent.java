package io.parley.storage;

import io.parley.delivery.SequencedEvent;
import io.parley.protocol.wire.Retention;

/**
 * An event as the log has it.
 *
 * @param event what happened
 * @param retention how long it is to be kept; unset: for ever
 */
public record LoggedEvent(SequencedEvent event, Retention retention) {}
