package io.parley.storage;

import io.parley.protocol.LogPlace;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Keeping;
import org.jspecify.annotations.Nullable;

/**
 * An event as the log has it.
 *
 * @param event what happened
 * @param keeping how long it is to be kept; unset: for ever
 * @param place where it is in the log; null if that is not known
 */
public record LoggedEvent(
        SequencedEvent event, Keeping keeping, @Nullable LogPlace place) {
    /** One whose place is not known. */
    public LoggedEvent(SequencedEvent event, Keeping keeping) {
        this(event, keeping, null);
    }
}
